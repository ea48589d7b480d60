"""The annual data collection as values: rounds, measures, the board's report, paper, spreadsheets. Pure."""
