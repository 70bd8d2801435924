"""aiogram 3 as its documentation shows: FSM states, answers in the FSM's data; stored in memory or in Redis.

After "Finite State Machine" of its documentation. Run as
`python -m tests.bench.peers.with_aiogram ADDRESS TOKEN memory|redis://…`.
"""

import asyncio
import sys

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from tests.bench.peers import words

router = Router()


class Form(StatesGroup):
    language = State()
    version = State()
    notice = State()
    age = State()
    agree = State()
    home = State()
    intro = State()
    safe = State()
    better = State()
    help = State()
    easy = State()
    when = State()
    review = State()


def keyboard(rows: tuple[tuple[str, ...], ...]) -> InlineKeyboardMarkup:
    drawn = [
        [InlineKeyboardButton(text=label, callback_data=label.strip("✓☐ ")) for label in row] for row in rows
    ]
    return InlineKeyboardMarkup(inline_keyboard=drawn)


@router.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    await state.set_state(Form.language)
    await message.answer(words.HELLO, reply_markup=keyboard(words.LANGUAGES))


@router.callback_query(Form.language)
async def language(query: CallbackQuery, state: FSMContext) -> None:
    await state.update_data(language=query.data)
    await state.set_state(Form.version)
    await query.answer()
    await query.message.edit_text(words.VERSION, reply_markup=keyboard(words.VERSIONS))


@router.callback_query(Form.version)
async def version(query: CallbackQuery, state: FSMContext) -> None:
    await state.update_data(version=query.data)
    await state.set_state(Form.notice)
    await query.answer()
    await query.message.edit_text(words.NOTICE, reply_markup=keyboard(words.NOTICED))


@router.callback_query(Form.notice, F.data == "OK")
async def notice(query: CallbackQuery, state: FSMContext) -> None:
    await state.set_state(Form.age)
    await query.answer()
    await query.message.edit_text(words.AGE, reply_markup=keyboard(words.AGES))


@router.callback_query(Form.age)
async def age(query: CallbackQuery, state: FSMContext) -> None:
    await state.update_data(age=query.data)
    await state.set_state(Form.agree)
    await query.answer()
    await query.message.edit_text(words.AGREE, reply_markup=keyboard(words.AGREED))


@router.callback_query(Form.agree)
async def agree(query: CallbackQuery, state: FSMContext) -> None:
    await state.update_data(agreed=query.data == "Yes, keep it")
    await state.set_state(Form.home)
    await query.answer()
    await query.message.edit_text(words.HOME, reply_markup=keyboard(words.AT_HOME))


@router.callback_query(Form.home, F.data == "Have your say")
async def home(query: CallbackQuery, state: FSMContext) -> None:
    await state.set_state(Form.intro)
    await query.answer()
    await query.message.edit_text(words.INTRO, reply_markup=keyboard(words.BEGIN))


@router.callback_query(Form.intro, F.data == "Start")
async def intro(query: CallbackQuery, state: FSMContext) -> None:
    await state.set_state(Form.safe)
    await query.answer()
    await query.message.edit_text(words.SAFE, reply_markup=keyboard(words.SAFELY))


@router.callback_query(Form.safe)
async def safe(query: CallbackQuery, state: FSMContext) -> None:
    await state.update_data(safe=query.data)
    await state.set_state(Form.better)
    await query.answer()
    await query.message.edit_text(words.BETTER, reply_markup=keyboard((words.AROUND,)))


@router.message(Form.better, F.text)
async def better(message: Message, state: FSMContext) -> None:
    await state.update_data(better=message.text, help=[])
    await state.set_state(Form.help)
    await message.answer(words.HELP, reply_markup=keyboard(words.helps(set())))


@router.callback_query(Form.help, F.data == "Done")
async def ticked(query: CallbackQuery, state: FSMContext) -> None:
    await state.set_state(Form.easy)
    await query.answer()
    await query.message.edit_text(words.EASY, reply_markup=keyboard(words.EASILY))


@router.callback_query(Form.help)
async def tick(query: CallbackQuery, state: FSMContext) -> None:
    picked = set((await state.get_data())["help"]) ^ {query.data}
    await state.update_data(help=sorted(picked))
    await query.answer()
    await query.message.edit_text(words.HELP, reply_markup=keyboard(words.helps(picked)))


@router.callback_query(Form.easy)
async def easy(query: CallbackQuery, state: FSMContext) -> None:
    await state.update_data(easy=int(query.data))
    await state.set_state(Form.when)
    await query.answer()
    await query.message.edit_text(words.WHEN, reply_markup=keyboard(words.NIGHTS))


@router.callback_query(Form.when)
async def when(query: CallbackQuery, state: FSMContext) -> None:
    given = await state.update_data(when=query.data)
    await state.set_state(Form.review)
    answers = (given[name] for name in ("safe", "better", "help", "easy", "when"))
    said = "\n".join(f"{n}. {answer}" for n, answer in enumerate(answers, 1))
    await query.answer()
    await query.message.edit_text(words.REVIEW.format(answers=said), reply_markup=keyboard(words.REVIEWED))


@router.callback_query(Form.review, F.data == "Done")
async def review(query: CallbackQuery, state: FSMContext) -> None:
    await state.update_data(finished=True)
    await state.set_state(None)
    await query.answer()
    await query.message.edit_text(words.RECEIPT, reply_markup=keyboard(words.AFTER))


async def main(address: str, token: str, kept: str) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    storage = MemoryStorage() if kept == "memory" else RedisStorage.from_url(kept)
    dispatcher = Dispatcher(storage=storage)
    dispatcher.include_router(router)
    await dispatcher.start_polling(Bot(token, session=session))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
