"""Plays a dialogue with a program on a terminal of its own.

terminal.py PROGRAM < STEPS     a step a line: "type TEXT" (\\n, \\t, \\x03 as in Python),
                                "see TEXT" (waits for it, behind what was seen before).
Prints what the terminal showed; status 1 where something was not seen within 10 s,
else the program's own.
"""
import os, pty, select, sys, time

steps = sys.stdin.read().splitlines()
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM="xterm", COLUMNS="100", LANG="C.UTF-8", LC_ALL="C.UTF-8")
    os.execv(sys.argv[1], sys.argv[1:])

shown, seen = "", 0


def read(seconds):
    global shown
    if not select.select([terminal], [], [], seconds)[0]:
        return True
    try:
        data = os.read(terminal, 65536)
    except OSError:
        return False
    shown += data.decode("utf-8", "replace")
    return bool(data)


def see(text):
    global seen
    end = time.time() + 10
    while time.time() < end:
        at = shown.find(text, seen)
        if at >= 0:
            seen = at + len(text)
            return
        if not read(0.1):
            break
    if shown.find(text, seen) < 0:
        sys.stdout.write(shown)
        sys.exit("not seen: " + text)


for step in steps:
    verb, _, text = step.partition(" ")
    text = text.encode("latin-1", "backslashreplace").decode("unicode_escape")
    if verb == "type":
        os.write(terminal, text.encode("utf-8"))
    elif verb == "see":
        see(text)
    elif verb == "pause":
        time.sleep(float(text))
end = time.time() + 15
while read(1):
    if time.time() > end:
        sys.exit("still there after all steps:\n" + shown)
sys.stdout.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
