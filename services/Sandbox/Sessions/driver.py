"""Runs cells that come as JSON lines on standard input, in one interpreter, and keeps its variables.

Both output streams end a cell with the token that the cell came with; by then the result is in the file at descriptor 6.
Nothing here protects anything: the sandbox around this process does.
"""
import ast
import base64
import io
import json
import linecache
import os
import signal
import sys
import traceback

RESULT = 6
WORK = "/work"
MAX_DISPLAY = 4 << 20
MAX_TEXT = 64 << 10


class CellTimeout(BaseException):
    pass


displays = []


def display(*values):
    for value in values:
        data = {"text/plain": repr(value)[:MAX_TEXT]}
        for kind, name in (("image/png", "_repr_png_"), ("image/svg+xml", "_repr_svg_"), ("text/html", "_repr_html_")):
            try:
                shown = getattr(value, name)() if hasattr(value, name) and not isinstance(value, type) else None
            except Exception:
                shown = None
            if isinstance(shown, (bytes, bytearray)):
                shown = base64.b64encode(shown).decode()
            if isinstance(shown, str):
                data[kind] = shown
        add_display(data)


def add_display(data):
    if sum(len(text) for shown in displays for text in shown["data"].values()) + sum(map(len, data.values())) <= MAX_DISPLAY:
        displays.append({"data": data, "metadata": {}})


def display_figures():
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    for number in pyplot.get_fignums():
        image = io.BytesIO()
        figure = pyplot.figure(number)
        figure.savefig(image, format="png")
        add_display({"image/png": base64.b64encode(image.getvalue()).decode(), "text/plain": repr(figure)[:MAX_TEXT]})
    pyplot.close("all")


def on_alarm(signum, frame):
    raise CellTimeout()


def execute(code, name, variables, seconds):
    """Runs a cell; what its last expression gives is displayed. Returns the error, or None."""
    linecache.cache[name] = (len(code), None, code.splitlines(True), name)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            tree = ast.parse(code, name)
            last = None
            if tree.body and isinstance(tree.body[-1], ast.Expr):
                last = ast.Expression(tree.body.pop().value)
            exec(compile(tree, name, "exec"), variables)
            if last is not None:
                value = eval(compile(last, name, "eval"), variables)
                if value is not None:
                    variables["_"] = value
                    display(value)
            display_figures()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        return None
    except CellTimeout:
        return {"ename": "TimeoutError", "evalue": "The cell took longer than %g seconds." % seconds, "traceback": [], "timeout": True}
    except BaseException as error:
        frames = error.__traceback__
        while frames is not None and frames.tb_frame.f_code.co_filename == __file__:
            frames = frames.tb_next
        lines = traceback.format_exception(type(error), error, frames)
        return {"ename": type(error).__name__, "evalue": str(error)[:MAX_TEXT], "traceback": [line.rstrip("\n")[:MAX_TEXT] for line in lines[-50:]]}


def snapshot():
    seen = {}
    for folder, _, names in os.walk(WORK):
        for name in names:
            path = os.path.join(folder, name)
            try:
                about = os.lstat(path)
            except OSError:
                continue
            seen[path] = (about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino)
    return seen


def put(files):
    for path, content in files.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(content))


def collect(command, before):
    """The files that were asked for, by the name they were asked for, and the new ones."""
    wanted = dict(command["fetch"])
    if command["new"]:
        for path, about in snapshot().items():
            if before.get(path) != about:
                wanted.setdefault(path, path[len(WORK) + 1:])
    files, skipped, room = {}, [], command["max_bytes"]
    for path, name in wanted.items():
        if not os.path.isfile(path) or os.path.islink(path):
            if path in command["fetch"]:
                skipped.append({"path": name, "reason": "not_found"})
            continue
        size = os.path.getsize(path)
        if size > room or len(files) >= command["max_files"]:
            skipped.append({"path": name, "bytes": size, "reason": "too_large" if size > room else "too_many"})
            continue
        with open(path, "rb") as file:
            files[name] = base64.b64encode(file.read(size)).decode()
        room -= size
    return files, skipped[:100]


def answer(result):
    # Half a surrogate pair is no text that JSON can hold.
    data = json.dumps(result, ensure_ascii=False).encode("utf-8", "replace")
    os.ftruncate(RESULT, 0)
    written = 0
    while written < len(data):
        written += os.pwrite(RESULT, data[written:], written)


def main():
    commands = os.fdopen(os.dup(0), "rb")
    nothing = os.open("/dev/null", os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.set_inheritable(RESULT, False)
    signal.signal(signal.SIGALRM, on_alarm)
    sys.path.insert(0, WORK)
    streams = sys.stdout, sys.stderr
    variables = {"__name__": "__main__", "__builtins__": __builtins__, "display": display}
    count = 0
    before = {}
    for line in commands:
        command = json.loads(line)
        count += 1
        displays.clear()
        sys.stdout, sys.stderr = streams
        try:
            put(command["files"])
            if command["begins"]:
                before = snapshot()
            error = execute(command["code"], "<cell %d>" % count, variables, command["seconds"])
            files, skipped = collect(command, before)
            result = {"error": error, "display": displays, "files": files, "skipped": skipped}
        except BaseException as failure:
            result = {"error": {"ename": type(failure).__name__, "evalue": str(failure), "traceback": []}, "display": [], "files": {}, "skipped": []}
        for stream in {sys.stdout, sys.stderr, *streams}:
            try:
                stream.flush()
            except Exception:
                pass
        result["token"] = command["token"]
        answer(result)
        token = command["token"].encode()
        os.write(1, token)
        os.write(2, token)


main()
