"""What do we say? Letters in Finnish, Swedish and English.

Pure: no database, network, mail, clock or environment. Who gets a letter is left to ``reminders``.
"""
