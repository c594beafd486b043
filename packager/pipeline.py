"""The whole build: read and inspect, decide what changed, zip it, import it, put it in place."""

import hashlib
import os
from collections.abc import Callable

from packager.archive import UNZIPPED_LIMIT, read_archive, require_below, write_archive
from packager.artifact import FUNCTIONS, LAYERS
from packager.dist import Dist, Outcome, Record
from packager.edge import require_own_imports, require_zip_below
from packager.entry import Entry, merge, stored
from packager.errors import BuildError, collecting
from packager.inputs import FORMAT
from packager.parts import Part, Tools, read_parts, services_of
from packager.service_data import described_service
from packager.source_tree import read_source
from packager.wheel_content import unlocked_requirements, wheel_entries

# Whatever makes the check of imports find more: count it up, and every handler is imported again.
_CHECK = 2


def build(tools: Tools, done: Callable[[list[Outcome]], None]) -> None:
    """Build what changed.

    Args:
        tools: What to build with.
        done: Called when all is in place, before another build of this repository may begin, with an outcome
            for each artifact.

    Raises:
        BuildError: With everything that is wrong with any artifact; `dist/` is then as it was.
    """
    dist = Dist(tools.root)
    with dist.exclusive():
        parts = read_parts(tools)
        outcomes = zip_all(tools, dist, parts, services_of(parts))
        check_sizes(dist, outcomes)
        check_imports(tools, dist, parts, outcomes)
        dist.commit(outcomes)
        done(outcomes)


def zip_all(tools: Tools, dist: Dist, parts: list[Part], services: frozenset[str]) -> list[Outcome]:
    """Stage the zips of what changed."""
    records, before = dist.records(), dist.inputs()
    outcomes = []
    problems: list[str] = []
    for part in parts:
        artifact = part.inputs.artifact
        kept = sorted(services.intersection(part.locked.describes)) if part.locked else []
        digest = part.inputs.digest(tools.target, part.compiled, kept)
        inputs = all_inputs(tools, part, kept)
        then, why = before.get(artifact.label, ({}, []))
        record = records.get(artifact.label)
        same = record and (record["content_digest"], record.get("edge")) == (digest, part.inputs.edge)
        if record and same and dist.holds(artifact, record, tools.stamps):
            outcomes.append(Outcome(artifact, record, False, inputs, why, part.inputs.notices))
            continue
        with collecting(problems):
            record = stage(tools, dist, part, digest, kept)
            why = reasons(then, inputs)
            outcomes.append(Outcome(artifact, record, True, inputs, why, part.inputs.notices))
    if problems:
        raise BuildError(*dict.fromkeys(problems))
    return outcomes


def stage(tools: Tools, dist: Dist, part: Part, digest: str, services: list[str]) -> Record:
    """Write an artifact's zip beside the one in place."""
    artifact, edge, target = part.inputs.artifact, part.inputs.edge, part.inputs.target(tools.target)
    files = merge([*own_entries(tools.root, part), *locked_entries(part, frozenset(services))])
    compiled = [*part.own.compiled, *(part.locked.compiled if part.locked else [])]
    entries = merge([*files, *compiled])
    if edge:
        require_own_imports(part.own.others, files)
    archive = write_archive(dist.staged_path(artifact), entries, artifact.label)
    if edge:
        require_zip_below(edge, archive.zip_size, artifact.label, entries)
    record = Record(
        path=artifact.zip_path,
        content_digest=digest,
        sha256=archive.sha256,
        zip_size=archive.zip_size,
        unzipped_size=archive.unzipped_size,
        handler=artifact.handler,
        runtime=target.runtime,
        architecture=target.architecture,
        compiled=all(part.compiled),
        services=services,
    )
    return {**record, "edge": edge} if edge else record


def own_entries(root: str, part: Part) -> list[Entry]:
    """Our own files."""
    return [
        stored(file.place, read_source(root, file), file.executable, file.path) for file in part.inputs.files
    ]


def locked_entries(part: Part, services: frozenset[str]) -> list[Entry]:
    """The wheels' files."""
    artifact, lock = part.inputs.artifact, part.inputs.lock
    if lock is None:
        return []

    def wanted(path: str) -> bool:
        service = described_service(path)
        return service is None or service in services

    folder = artifact.dependencies_folder
    files = [entry for wheel in part.wheels for entry in wheel_entries(wheel, folder, wanted)]
    # A function may lean on its layer; a layer stands alone.
    missing = unlocked_requirements(files, lock) if artifact.kind == LAYERS else []
    if missing:
        raise BuildError(*missing)
    return files


def all_inputs(tools: Tools, part: Part, services: list[str]) -> dict[str, str]:
    """What decides on the bytes of a zip, by the names that people know it by."""
    return part.inputs.digests() | {
        "the version of the packager": str(FORMAT),
        "the platform": f"{tools.target.runtime} {part.inputs.target(tools.target).architecture}",
        "whether there is compiled code": str(part.compiled),
        "the AWS services that it describes": ", ".join(services),
    }


def reasons(then: dict[str, str], now: dict[str, str]) -> list[str]:
    """Why a zip is made anew: the inputs that are new, gone or other than before."""
    if not then:
        return ["it was not there before"]
    changed = sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))
    return changed or ["its zip was not what was built"]


def check_sizes(dist: Dist, outcomes: list[Outcome]) -> None:
    """Refuse a function that Lambda would refuse with its layers; it is taken to have them all.

    Raises:
        BuildError: Together they are over the limit.
    """
    layers = [each for each in outcomes if each.artifact.kind == LAYERS]
    beneath = sum(each.record["unzipped_size"] for each in layers)
    for outcome in outcomes:
        size = outcome.record["unzipped_size"] + beneath
        if outcome.has_layers and size > UNZIPPED_LIMIT:
            entries = [e for each in (outcome, *layers) for e in read_archive(dist.current_path(each))[0]]
            require_below(UNZIPPED_LIMIT, size, "unzipped with its layers", outcome.artifact.label, entries)


def check_imports(tools: Tools, dist: Dist, parts: list[Part], outcomes: list[Outcome]) -> None:
    """Import every handler from its zip, where the target's Python is here and runs what was built.

    Whether that works depends on what runs at import, on the function's own packages and on the layers. Once
    known to work, it is remembered beside the wheels: a change of a function's body asks for no new check.
    """
    layers = [each for each in outcomes if each.artifact.kind == LAYERS]
    beneath = [each.record["content_digest"] for each in layers]
    unknown: dict[str, tuple[Outcome, list[str]]] = {}
    for part, outcome in zip(parts, outcomes, strict=True):
        depends = [
            _CHECK,
            tools.target.runtime,
            outcome.artifact.label,
            part.own.at_import,
            part.inputs.lock_digest,
            *(beneath if outcome.has_layers else []),
        ]
        mark = f"{tools.cache}/imports/{hashlib.sha256(repr(depends).encode()).hexdigest()}"
        # Without wheels a function at the edge is Python alone, which runs on either machine.
        target = part.inputs.target(tools.target) if part.inputs.lock else tools.target
        if outcome.artifact.kind == FUNCTIONS and target.is_here and not os.path.exists(mark):
            unknown[mark] = (outcome, part.own.later)
    if not unknown or tools.inspector.python is None:
        return
    from packager.import_check import Import, check  # longer than the rest of the build

    check(
        [
            Import(each.artifact.label, each.artifact.module, later, dist.current_path(each), each.has_layers)
            for each, later in unknown.values()
        ],
        [dist.current_path(each) for each in layers],
        tools.inspector.python,
    )
    os.makedirs(f"{tools.cache}/imports", exist_ok=True)
    for mark in unknown:
        open(mark, "wb").close()
