--- CM50xx: files of data. The engine raises them while it reads; a message ends with the place,
--- counted as an editor does.

return {
  [5001] = {
    title = "a file cannot be opened",
    text = [[
There is no file of that name, or it may not be read. A path is taken from the
folder in which capmod was started.]],
    example = [[
require("capmod.core").text{ path = "no such folder/table.csv" }]],
  },
  [5002] = {
    title = "a file cannot be read",
    text = [[
The file is damaged or cut short (gzip files carry a check sum), or is not text:
workbooks and archives hold zero bytes.]],
    example = [[
local path = os.tmpname()
local file <close> = io.open(path, "w")
file:write("PK\3\4\0\0,1,2\n"):flush()
require("capmod.core").text{ path = path, label_cols = 1 }]],
  },
  [5003] = {
    title = "a cell is not a number",
    text = [[
A cell between the labels holds something else than a number with a decimal
point: a note, a dash, a decimal comma, nan, or nothing at all. A blank is read
as zero only where the edition says so.]],
    example = [[
local path = os.tmpname()
local file <close> = io.open(path, "w")
file:write("1,2\n3,n.a.\n"):flush()
require("capmod.core").text{ path = path }]],
  },
  [5004] = {
    title = "lines of different length",
    text = [[
Every line of numbers has as many fields as the first. A line that has not was
cut, holds a delimiter in a name without quotes, or belongs to something else
than the table; so does a blank line between others. A quote that is opened and
never closed swallows the rest of the file.]],
    example = [[
local path = os.tmpname()
local file <close> = io.open(path, "w")
file:write("1,2\n3,4,5\n"):flush()
require("capmod.core").text{ path = path }]],
  },
  [5005] = {
    title = "nothing to read",
    text = [[
The file is empty, or ends before its first line of numbers.]],
    example = [[
require("capmod.core").text{ path = os.tmpname() }]],
  },
  [5006] = {
    title = "a path that leads to no one file",
    text = [[
An archive, a workbook or a folder holds several files or sheets, and it was not
said which is meant; or it holds none of the name given. The message lists some.
A member is named by `member = "..."` or in the path ("icio.zip/2018.csv"), a
sheet by `sheet = "..."` ("wiot.xlsx/WIOT_2011").]],
    example = [[
local path = os.tmpname()
local file <close> = io.open(path, "w")
file:write("PK\5\6" .. ("\0"):rep(18)):flush() -- an archive that holds nothing
require("capmod.core").text{ path = path }]],
  },
}
