"""Use cases about answers: links of mails, answers, pauses, proposed dates, dates towards targets."""
