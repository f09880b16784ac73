--- CM15xx: frames.

return {
  [1501] = {
    title = "a frame has no such column",
    text = [[
A column (or a verb) of a frame was asked for by a name that it does not have.
f:columns() lists the names.]],
    example = [[
local cm = require "capmod"
local f = cm.frame{ rows = { { country = "USA", value = 1 } } }
print(f.vlaue)]],
  },
  [1502] = {
    title = "a frame has no such row",
    text = [[
A cell was looked up as f.value.USA or f:get{ country = "USA" }, and no row has
this key. With several keys the label joins them: f.value["USA.C29"].]],
    example = [[
local cm = require "capmod"
local f = cm.frame{ keys = { "country" }, rows = { { country = "USA", value = 1 } } }
print(f.value.UAS)]],
  },
  [1503] = {
    title = "several rows where one is needed",
    text = [[
A look-up, a join or a pivot needs one row for a key, and there are several:
which of them is meant is not for capmod to guess. Add them up by :group{}, or
name another column that tells them apart.]],
    example = [[
local cm = require "capmod"
local f = cm.frame{ keys = { "country" }, rows = { { country = "USA", value = 1 },
  { country = "USA", value = 2 } } }
print(f.value.USA)]],
  },
  [1504] = {
    title = "rows and columns that do not fit",
    text = [[
What was given to cm.frame is no table of rows and columns: a row has a field
that is no column, a column is longer than the frame, a name stands twice, or a
cell holds something else than a number, a text, true or false.]],
    example = [[
local cm = require "capmod"
cm.frame{ cols = { "country", "value" }, rows = { { country = "USA", valeu = 1 } } }]],
  },
  [1505] = {
    title = "a frame does not change",
    text = [[
A frame was assigned to. Verbs give a new frame, and leave the old one as it is:
f:map{ column = function(row) return ... end }.]],
    example = [[
local cm = require "capmod"
local f = cm.frame{ rows = { { country = "USA", value = 1 } } }
f.value = 2]],
  },
  [1506] = {
    title = "two columns of one name",
    text = [[
A join, select or pivot would give a frame with two columns of the same name.
Rename one: :select{ "country", { "value", as = "value in 2011" } }.]],
    example = [[
local cm = require "capmod"
local f = cm.frame{ keys = { "country" }, rows = { { country = "USA", value = 1 } } }
f:join(f)]],
  },
  [1507] = {
    title = "numbers with a unit beside numbers without",
    text = [[
Numbers would stand in one column, or be compared, of which only some have a unit.
Say the unit of the others. (Units that differ are CM1401 to CM1404.)]],
    example = [[
local cm = require "capmod"
local a = cm.frame{ unit = "USD mn", rows = { { country = "USA", value = 1 } } }
local b = cm.frame{ rows = { { country = "DEU", value = 1 } } }
a:append(b)]],
  },
  [1508] = {
    title = "a column that does not hold numbers",
    text = [[
A verb that adds, ranks or draws numbers was given a column of texts, or of texts
and numbers.]],
    example = [[
local cm = require "capmod"
local f = cm.frame{ rows = { { country = "USA", value = 1 } } }
f:sum "country"]],
  },
  [1509] = {
    title = "no way to write this kind of file",
    text = [[
The ending of the path says in which form a frame is saved, and this one is not
known. cm.define.writer{} adds others.]],
    example = [[
local cm = require "capmod"
cm.frame{ rows = { { country = "USA", value = 1 } } }:save "out.docx"]],
  },
  [1510] = {
    title = "a file cannot be written or read",
    text = [[
The system refused. The file that stood there, if any, is as it was: a new one is
written under another name first.]],
    example = [[
local cm = require "capmod"
cm.frame{ rows = { { country = "USA", value = 1 } } }:save "/no/such/folder/out.csv"]],
  },
  [1511] = {
    title = "not a file that a frame was saved to",
    text = [[
The lines of the csv file do not have as many fields as its header, or a quote is
not closed. Tables of other make are read by cm.read.]],
    example = [[
local cm = require "capmod"
local path = os.tmpname()
local file = io.open(path, "w")
file:write "country,value\nUSA,1,2\n"
file:close()
local ok, e = pcall(cm.frame.load, path)
os.remove(path)
error(e, 0)]],
  },
}
