"""Where ``meld-link banks`` takes its banks from: a file, the kept list of an environment, or Meld itself."""

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

from meld_desktop.cli import exits, output
from meld_desktop.cli.access import given_key, kept_key, start_demo
from meld_desktop.domain.banks.documents import UnreadableFileError
from meld_desktop.domain.banks.reading import Reading, read_banks
from meld_desktop.domain.environments import SANDBOX, Environment
from meld_desktop.domain.keys import DEMO_KEY
from meld_desktop.storage.institutions import CachedList, CacheError, InstitutionCache, name_of, read_bank_file

_GO_ON_WITHIN = timedelta(hours=1)
"""An interrupted fetch older than this is begun anew: the list may have moved on."""


class NoBanksError(Exception):
    """There is no data to answer from; the text says why and what to do. ``code`` is how the program ends."""

    def __init__(self, text: str, code: int = exits.WRONG_INPUT) -> None:
        super().__init__(text)
        self.code = code


def from_file(path: Path) -> Reading:
    """Return the banks in a file, naming the lines that were left out. Raises NoBanksError."""
    try:
        reading = read_bank_file(path)
    except OSError as error:
        raise NoBanksError(f"{path} cannot be read: {error.strerror or error}.") from None
    except UnreadableFileError as error:
        raise NoBanksError(f"{path}: {error.text}") from None
    odd = [oddity.place for oddity in reading.oddities]
    if odd:
        shown = ", ".join(map(str, odd[:10])) + (", …" if len(odd) > 10 else "")
        output.say(f"meld-link: {path}: not everything could be used; see line {shown}.")
    return reading


async def from_environment(environment: Environment, options: argparse.Namespace) -> Reading:
    """Return the banks of an environment, kept or fetched. Raises NoBanksError and MeldError."""
    import asyncio

    from meld_desktop.services.lane import DaemonExecutor

    # A name look-up that hangs must not hold up Ctrl+C, nor the end of the program.
    asyncio.get_running_loop().set_default_executor(DaemonExecutor())
    if environment.is_demo:
        return await _from_demo(environment)
    try:
        return await _kept_or_fetched(environment, options)
    except CacheError as error:
        raise NoBanksError(str(error.text), exits.FAILED) from None


async def _from_demo(environment: Environment) -> Reading:
    from meld_desktop.api.client import MeldClient
    from meld_desktop.api.institutions import list_institutions

    demo, running = await start_demo(environment)
    try:
        client = MeldClient(running.base_url, DEMO_KEY)
        return read_banks([record async for page in list_institutions(client) for record in page.records])
    finally:
        demo.close()


async def _kept_or_fetched(environment: Environment, options: argparse.Namespace) -> Reading:
    from meld_desktop.storage.paths import default_data_dir

    cache = InstitutionCache(options.data_dir or default_data_dir())
    kept = cache.load(name_of(environment))
    if cache.set_aside is not None:
        output.say(f"meld-link: The kept lists of banks were damaged and are now in {cache.set_aside}.")
    if kept is None and environment == SANDBOX:
        raise NoBanksError(
            "Meld documents its list of banks for production only. Use --from with a file,"
            " --environment production, or --environment demo."
        )
    if kept is not None and (environment == SANDBOX or not options.refresh):
        output.say(f"meld-link: {_told(kept)}")
        return kept.reading
    key = given_key(environment, from_stdin=options.key_stdin) or await kept_key(environment)
    await _fetch(environment, key, cache)
    fetched = cache.load(name_of(environment))
    return fetched.reading if fetched is not None else Reading()


async def _fetch(environment: Environment, key: str, cache: InstitutionCache) -> None:
    """Fetch every page into the cache; what an earlier run has left there is gone on with."""
    from meld_desktop.api.client import MeldClient
    from meld_desktop.api.institutions import list_institutions
    from meld_desktop.domain.errors import Kind, MeldError

    name, client = name_of(environment), MeldClient(environment.base_url, key)
    left = cache.unfinished(name)
    if left is None or not left.after or datetime.now(UTC) - left.at > _GO_ON_WITHIN:
        cache.begin(name)
        left = None
    after, fetched = (left.after, left.fetched) if left else ("", 0)
    try:
        async for page in list_institutions(client, after=after, fetched=fetched, on_wait=_say_wait):
            cache.add_page(name, page.records, page.after)
            of = f" of {page.fetched + page.remaining:,}" if page.remaining is not None else ""
            output.say(f"meld-link: {page.fetched:,}{of} banks")
    except MeldError as error:
        if left is None or error.kind is not Kind.BAD_REQUEST:
            raise
        cache.begin(name)  # Meld no longer knows the place where the last run stopped
        await _fetch(environment, key, cache)
        return
    cache.finish(name)


def _say_wait(seconds: int) -> None:
    output.say(f"meld-link: Meld asks to wait {seconds} seconds.")


def _told(kept: CachedList) -> str:
    hours = kept.age(datetime.now(UTC)) / 3600
    age = f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours" if hours >= 2 else "less than two hours"
    return f"The list of banks is {age} old ({kept.at:%Y-%m-%d %H:%M} UTC). --refresh fetches it again."
