"""Limits for workbooks: enough for any consultation that a young person would finish."""

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 30 * 1024 * 1024
MOST_FILES = 500
MOST_ROWS = 2000
MOST_COLUMNS = 100

MOST_QUESTIONS = 200
MOST_OPTIONS = 60

# Letters, in any one language.
QUESTION_MOST = 300
NOTE_MOST = 1000
OPTION_MOST = 100
MESSAGE_MOST = 3500  # a question with its options; a chat message holds 4096, and Heard adds a little
TITLE_MOST = 80
ABOUT_MOST = 600
DECISION_MAKER_MOST = 100
