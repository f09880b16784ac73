--- CM52xx: saving.

return {
  [5201] = {
    title = "a frame that is no set of SDMX observations",
    text = [[
In the style of SDMX each line is an observation: labels under the names of
concepts, one value. A frame needs a column of numbers for that, and no two of its
columns may come to the same name.]],
    example = [[
local cm = require "capmod"
cm.frame{ keys = { "country" }, rows = { { country = "KOR", capital = "Seoul" } } }
  :save{ os.tmpname() .. ".csv", style = "sdmx" }]],
  },
  [5202] = {
    title = "a style that the file cannot have",
    text = [[
The style of SDMX is one of csv files with a line a value, and `year` is its
TIME_PERIOD. Other files, and `wide`, have neither.]],
    example = [[
local cm = require "capmod"
cm.frame{ rows = { { value = 1 } } }:save{ os.tmpname() .. ".md", style = "sdmx" }]],
  },
  [5203] = {
    title = "the file cannot be written",
    text = [[
The disk is full, the folder may not be written, or the file was taken away while
it was written. Files are written beside and renamed once they are complete, so
what stood there before is still there.]],
    example = [[
local cm = require "capmod"
local path = os.tmpname() .. ".csv"
os.execute("mkdir " .. path) -- a folder stands where the file should go
cm.data.world:save(path)]],
  },
  [5204] = {
    title = "a table has no such form",
    text = [[
The ending of the path says in which form a table is saved: .h5 (HDF5, with the
factor), .csv, .xlsx, .datapackage.json. Results of questions are frames, which have
more forms.]],
    example = [[
local cm = require "capmod"
cm.data.world:save "world.ods"]],
  },
  [5205] = {
    title = "not a certificate, or not a whole one",
    text = [[
A certificate is lines of JSON: the problem, the plan, the tree that proves its bound, and an
end that counts the nodes. A file of something else, one that ends too soon, or one with a
line that makes no sense is refused with the number of the line. A file that makes sense but
was changed is checked as it stands, and fails.]],
    example = [[
local cm = require "capmod"
local path = os.tmpname()
local file = assert(io.open(path, "w"))
file:write "stage,at\ncells,CHN\n"
file:close()
cm.verify(path)]],
  },
}
