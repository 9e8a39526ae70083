"""Is a file of a voice pack only data? Checked without torch, before anything is loaded.

A checkpoint is a zip archive of raw tensors with a pickle that says how they belong together. A pickle can run any
program, so the engine loads with ``torch.load(weights_only=True)``; here the same rule is applied to a file on its way
in: no operation and no name that torch's restricted unpickler does not know, so that what is installed can be
loaded. Before 1.6 torch wrote five pickles and the raw tensors one after another; the rule holds for each of the five.
That leaves out TorchScript, and checkpoints that hold objects besides tensors: NumPy scalars, optimisers and
configurations of the Coqui library (its first XTTS v2 file is one; the pack uses the maintainers' later one without).
"""

import io
import json
import pickle
import pickletools
import zipfile
from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO

MAXIMUM_PICKLE = 64 << 20
"""Bytes of the pickle inside a checkpoint; XTTS v2, with thousands of tensors, has less than one megabyte."""
MAXIMUM_TEXT = 64 << 20
_SAFETENSORS_HEADER = 100 << 20
_BEFORE_1_6 = pickle.dumps(0x1950A86A20F9469CFC6C, protocol=2)
"""What a file of torch before 1.6 begins with, the first of its pickles; then come the version, the host that wrote it,
the content, and the keys of the storages."""
_PICKLES_BEFORE_1_6 = 5
_CLASS_MARK = "module"
"""In the old format: here follow a class and its source, which torch compares with what it has. No tensor needs it."""

_TENSOR_TYPES = ("BFloat16", "Byte", "Char", "Double", "Float", "Half", "Int", "Long", "Short")
_STORAGE_TYPES = (*_TENSOR_TYPES, "Bool", "ComplexDouble", "ComplexFloat")
_QUANTISED = ("QInt32", "QInt8", "QUInt2x4", "QUInt4x2", "QUInt8")
_DTYPES = (
    *("bcomplex32", "bfloat16", "bits16", "bits1x8", "bits2x4", "bits4x2", "bits8", "bool"),
    *("complex128", "complex32", "complex64", "float16", "float32", "float64", "float4_e2m1fn_x2", "float8_e4m3fn"),
    *("float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "float8_e8m0fnu", "int16", "int32", "int64", "int8"),
    *(f"{sign}int{bits}" for sign in ("", "u") for bits in range(1, 8)),
    *("uint16", "uint32", "uint64", "uint8", "qint32", "qint8", "quint2x4", "quint4x2", "quint8"),
    *("per_channel_affine", "per_channel_affine_float_qparams", "per_channel_symmetric"),
    *("per_tensor_affine", "per_tensor_symmetric"),
)
_REBUILDERS = (
    *("device_tensor_from_cpu_tensor", "device_tensor_from_numpy", "meta_tensor_no_storage", "parameter"),
    *("parameter_with_state", "qtensor", "sparse_tensor", "tensor", "tensor_v2", "tensor_v3", "wrapper_subclass"),
)
ALLOWED_GLOBALS = frozenset(
    {
        *("_codecs.encode", "builtins.bytearray", "builtins.complex", "builtins.set"),
        *("collections.Counter", "collections.OrderedDict"),
        *("torch.Size", "torch.Tensor", "torch.device", "torch.nn.parameter.Parameter"),
        *("torch.serialization._get_layout", "torch.storage.TypedStorage", "torch.storage.UntypedStorage"),
        "torch._tensor._rebuild_from_type_v2",
        *(f"torch.{name}" for name in _DTYPES),
        *(f"torch._utils._rebuild_{name}" for name in _REBUILDERS),
        *(f"torch.{name}Storage" for name in (*_STORAGE_TYPES, *_QUANTISED)),
        *(f"torch.cuda.{name}Storage" for name in _STORAGE_TYPES),
        *(f"torch.{device}{name}Tensor" for device in ("", "cuda.") for name in (*_TENSOR_TYPES, "Bool")),
        *(f"torch.{device}sparse.{name}Tensor" for device in ("", "cuda.") for name in _TENSOR_TYPES),
    }
)
"""What torch's restricted unpickler knows by itself; tests/coqui/test_packs.py compares the two."""

ALLOWED_OPCODES = frozenset(
    opcode.decode("latin-1")
    for opcode in (
        *(pickle.APPEND, pickle.APPENDS, pickle.BINFLOAT, pickle.BINGET, pickle.BININT, pickle.BININT1),
        *(pickle.BININT2, pickle.BINPERSID, pickle.BINPUT, pickle.BINUNICODE, pickle.BUILD, pickle.EMPTY_DICT),
        *(pickle.EMPTY_LIST, pickle.EMPTY_SET, pickle.EMPTY_TUPLE, pickle.GLOBAL, pickle.LONG1, pickle.LONG_BINGET),
        *(pickle.LONG_BINPUT, pickle.MARK, pickle.NEWFALSE, pickle.NEWOBJ, pickle.NEWTRUE, pickle.NONE, pickle.PROTO),
        *(pickle.REDUCE, pickle.SETITEM, pickle.SETITEMS, pickle.SHORT_BINSTRING, pickle.STOP, pickle.TUPLE),
        *(pickle.TUPLE1, pickle.TUPLE2, pickle.TUPLE3),
    )
)


class NotTensors(Exception):
    """The file is not what its name says, or holds more than data. The text is a reason without the file's name."""


def is_allowed(path: str) -> bool:
    """Whether a pack may hold a file of this name at all."""
    return _checker(path) is not None


def check(file: Path, path: str) -> None:
    """Check the content of `file`, whose name in the pack is `path`. Raises NotTensors, OSError."""
    if (verify := _checker(path)) is None:
        raise NotTensors("a voice pack holds no files of this kind")
    with file.open("rb") as stream:
        verify(stream)


def _checker(path: str) -> Callable[[IO[bytes]], None] | None:
    name = PurePosixPath(path).name.lower()
    if name in _PLAIN_NAMES:
        return _check_text
    # older releases of Coqui call a checkpoint model_file.pth.tar
    return _CHECKS.get(PurePosixPath(name.removesuffix(".tar") if name.endswith(".pth.tar") else name).suffix)


def _check_checkpoint(stream: IO[bytes]) -> None:
    head = stream.read(len(_BEFORE_1_6))
    if head == _BEFORE_1_6:
        _check_before_1_6(io.BytesIO(head + stream.read(MAXIMUM_PICKLE)))
        return
    # torch looks at these four bytes only, and reads anything else as bare pickles
    if not head.startswith(b"PK\x03\x04"):
        raise NotTensors("it is not what torch.save writes, a zip archive of tensors or the format before torch 1.6")
    try:
        with zipfile.ZipFile(stream) as archive:
            _check_archive(archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, UnicodeDecodeError) as error:
        raise NotTensors(f"its zip archive is damaged: {error}") from error


def _check_before_1_6(beginning: IO[bytes]) -> None:
    for _ in range(_PICKLES_BEFORE_1_6):
        check_pickle(beginning, unwanted=_CLASS_MARK)


def _check_archive(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    # torch's reader compares names without regard to case; two readers must not see two different files
    names = [entry.filename.casefold() for entry in entries]
    if len(set(names)) != len(names):
        raise NotTensors("its zip archive holds two entries of one name")
    # bytes before the archive would be a second file in one
    if min((entry.header_offset for entry in entries), default=1) != 0:
        raise NotTensors("its zip archive does not start at the start of the file")
    if any(entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1 for entry in entries):
        raise NotTensors("its zip archive is compressed or encrypted, which torch.save never does")
    for name in names:
        parts = PurePosixPath(name).parts
        if parts[-1:] == ("constants.pkl",) or "code" in parts[:-1]:
            raise NotTensors("it is a TorchScript program and not a checkpoint")
    pickles = [entry for entry in entries if entry.filename.casefold().endswith(".pkl")]
    if len(pickles) != 1 or PurePosixPath(pickles[0].filename).name != "data.pkl":
        raise NotTensors("its zip archive does not hold exactly one data.pkl")
    if pickles[0].file_size > MAXIMUM_PICKLE:
        raise NotTensors(f"its pickle has {pickles[0].file_size} bytes, more than {MAXIMUM_PICKLE}")
    with archive.open(pickles[0]) as file:
        check_pickle(file.read())


def check_pickle(data: bytes | IO[bytes], unwanted: str | None = None) -> None:
    """NotTensors unless the pickle uses the operations and names of torch's restricted unpickler only.

    A stream is read to the pickle's end. `unwanted` is a text that the pickle may not hold.
    """
    try:
        for opcode, argument, _ in pickletools.genops(data):
            if opcode.code not in ALLOWED_OPCODES:
                raise NotTensors(f"its pickle uses the operation {opcode.name}")
            if unwanted is not None and argument == unwanted:
                raise NotTensors("its pickle holds classes")
            if opcode.name == "GLOBAL" and (name := _global(str(argument))) not in ALLOWED_GLOBALS:
                raise NotTensors(f"its pickle names {name}, which is no part of a tensor file")
    except (ValueError, IndexError, UnicodeDecodeError) as error:
        raise NotTensors("its pickle is damaged") from error


def _global(argument: str) -> str:
    """``module name`` as a dotted name, with Python 2's names turned into today's as torch does."""
    module, _, name = argument.partition(" ")
    if (module, name) in NAME_MAPPING:
        module, name = NAME_MAPPING[(module, name)]
    else:
        module = IMPORT_MAPPING.get(module, module)
    return f"{module}.{name}"


def _check_safetensors(stream: IO[bytes]) -> None:
    size = stream.seek(0, 2)
    stream.seek(0)
    length = int.from_bytes(stream.read(8), "little")
    if size < 8 or not 2 <= length <= min(size - 8, _SAFETENSORS_HEADER):
        raise NotTensors("it is not a safetensors file")
    try:
        header = json.loads(stream.read(length))
        ends = [int(entry["data_offsets"][1]) for name, entry in header.items() if name != "__metadata__"]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise NotTensors("its safetensors header is damaged") from error
    if max(ends, default=0) != size - 8 - length:
        raise NotTensors("its tensors do not fill the file: it was cut short or something was added")


def _check_text(stream: IO[bytes]) -> None:
    _text(stream)


def _check_json(stream: IO[bytes]) -> None:
    # Not parsed: older Coqui configurations hold comments
    if not _text(stream).lstrip("\ufeff \t\r\n").startswith(("{", "[", "/")):
        raise NotTensors("it is not JSON")


def _text(stream: IO[bytes]) -> str:
    data = stream.read(MAXIMUM_TEXT + 1)
    if len(data) > MAXIMUM_TEXT:
        raise NotTensors(f"it is a text of more than {MAXIMUM_TEXT} bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotTensors("it is not a text in UTF-8") from error


def _check_wave(stream: IO[bytes]) -> None:
    head = stream.read(12)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        raise NotTensors("it is not a wav file")


_PLAIN_NAMES = {"license", "licence", "notice", "copying", "readme"}
_CHECKS: dict[str, Callable[[IO[bytes]], None]] = {
    **dict.fromkeys((".pth", ".pt", ".bin", ".ckpt"), _check_checkpoint),
    ".safetensors": _check_safetensors,
    ".json": _check_json,
    **dict.fromkeys((".txt", ".md", ".md5", ".toml", ".yaml", ".yml"), _check_text),
    ".wav": _check_wave,
}
