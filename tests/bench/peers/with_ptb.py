"""python-telegram-bot as its examples show: a ConversationHandler, answers in user_data, PicklePersistence.

After `conversationbot2.py`, `inlinekeyboard2.py` and `persistentconversationbot.py` of its documentation. Run as
`python -m tests.bench.peers.with_ptb ADDRESS TOKEN FOLDER one|many`; `many` is `concurrent_updates(True)`, which its
documentation forbids with a ConversationHandler.
"""

import sys
from pathlib import Path

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from tests.bench.peers import words

LANGUAGE, VERSION, NOTICE, AGE, AGREE, HOME, INTRO, SAFE, BETTER, HELP, EASY, WHEN, REVIEW = range(13)
Context = ContextTypes.DEFAULT_TYPE


def keyboard(rows: tuple[tuple[str, ...], ...]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=label.strip("✓☐ ")) for label in row] for row in rows]
    )


async def start(update: Update, _context: Context) -> int:
    await update.message.reply_text(words.HELLO, reply_markup=keyboard(words.LANGUAGES))
    return LANGUAGE


async def language(update: Update, context: Context) -> int:
    query = update.callback_query
    await query.answer()
    context.user_data["language"] = query.data
    await query.edit_message_text(words.VERSION, reply_markup=keyboard(words.VERSIONS))
    return VERSION


async def version(update: Update, context: Context) -> int:
    query = update.callback_query
    await query.answer()
    context.user_data["version"] = query.data
    await query.edit_message_text(words.NOTICE, reply_markup=keyboard(words.NOTICED))
    return NOTICE


async def notice(update: Update, _context: Context) -> int:
    query = update.callback_query
    await query.answer()
    await query.edit_message_text(words.AGE, reply_markup=keyboard(words.AGES))
    return AGE


async def age(update: Update, context: Context) -> int:
    query = update.callback_query
    await query.answer()
    context.user_data["age"] = query.data
    await query.edit_message_text(words.AGREE, reply_markup=keyboard(words.AGREED))
    return AGREE


async def agree(update: Update, context: Context) -> int:
    query = update.callback_query
    await query.answer()
    context.user_data["agreed"] = query.data == "Yes, keep it"
    await query.edit_message_text(words.HOME, reply_markup=keyboard(words.AT_HOME))
    return HOME


async def home(update: Update, _context: Context) -> int:
    query = update.callback_query
    await query.answer()
    await query.edit_message_text(words.INTRO, reply_markup=keyboard(words.BEGIN))
    return INTRO


async def intro(update: Update, context: Context) -> int:
    query = update.callback_query
    await query.answer()
    context.user_data["answers"] = {}
    await query.edit_message_text(words.SAFE, reply_markup=keyboard(words.SAFELY))
    return SAFE


async def safe(update: Update, context: Context) -> int:
    query = update.callback_query
    await query.answer()
    context.user_data["answers"]["safe"] = query.data
    await query.edit_message_text(words.BETTER, reply_markup=keyboard((words.AROUND,)))
    return BETTER


async def better(update: Update, context: Context) -> int:
    context.user_data["answers"]["better"] = update.message.text
    context.user_data["picked"] = set()
    await update.message.reply_text(words.HELP, reply_markup=keyboard(words.helps(set())))
    return HELP


async def tick(update: Update, context: Context) -> int:
    query = update.callback_query
    await query.answer()
    picked = context.user_data["picked"]
    picked ^= {query.data}
    await query.edit_message_text(words.HELP, reply_markup=keyboard(words.helps(picked)))
    return HELP


async def ticked(update: Update, context: Context) -> int:
    query = update.callback_query
    await query.answer()
    context.user_data["answers"]["help"] = sorted(context.user_data.pop("picked"))
    await query.edit_message_text(words.EASY, reply_markup=keyboard(words.EASILY))
    return EASY


async def easy(update: Update, context: Context) -> int:
    query = update.callback_query
    await query.answer()
    context.user_data["answers"]["easy"] = int(query.data)
    await query.edit_message_text(words.WHEN, reply_markup=keyboard(words.NIGHTS))
    return WHEN


async def when(update: Update, context: Context) -> int:
    query = update.callback_query
    await query.answer()
    answers = context.user_data["answers"]
    answers["when"] = query.data
    said = "\n".join(f"{n}. {answer}" for n, answer in enumerate(answers.values(), 1))
    await query.edit_message_text(words.REVIEW.format(answers=said), reply_markup=keyboard(words.REVIEWED))
    return REVIEW


async def review(update: Update, context: Context) -> int:
    query = update.callback_query
    await query.answer()
    context.user_data["finished"] = True
    await query.edit_message_text(words.RECEIPT, reply_markup=keyboard(words.AFTER))
    return ConversationHandler.END


def main(address: str, token: str, folder: str, at_once: str) -> None:
    persistence = PicklePersistence(filepath=Path(folder) / "conversationbot")
    builder = Application.builder().token(token).base_url(f"{address}/bot").persistence(persistence)
    application = builder.concurrent_updates(at_once == "many").build()
    conversation = ConversationHandler(
        entry_points=[CommandHandler("start", start)],
        states={
            LANGUAGE: [CallbackQueryHandler(language)],
            VERSION: [CallbackQueryHandler(version)],
            NOTICE: [CallbackQueryHandler(notice, pattern="^OK$")],
            AGE: [CallbackQueryHandler(age)],
            AGREE: [CallbackQueryHandler(agree)],
            HOME: [CallbackQueryHandler(home, pattern="^Have your say$")],
            INTRO: [CallbackQueryHandler(intro, pattern="^Start$")],
            SAFE: [CallbackQueryHandler(safe)],
            BETTER: [MessageHandler(filters.TEXT & ~filters.COMMAND, better)],
            HELP: [CallbackQueryHandler(ticked, pattern="^Done$"), CallbackQueryHandler(tick)],
            EASY: [CallbackQueryHandler(easy, pattern="^[1-5]$")],
            WHEN: [CallbackQueryHandler(when)],
            REVIEW: [CallbackQueryHandler(review, pattern="^Done$")],
        },
        fallbacks=[CommandHandler("start", start)],
        name="my_conversation",
        persistent=True,
    )
    application.add_handler(conversation)
    application.run_polling(allowed_updates=Update.ALL_TYPES)


if __name__ == "__main__":
    main(*sys.argv[1:])
