-- Writes the csv that the readers are timed on: about 60 MB of numbers, as
-- published tables have them (one in eight with all its digits).
--   capmod run tests/bench/make_table.lua FILE

local path = assert(..., "usage: make_table.lua FILE")
local rows, cols = 2000, 2400

local file = assert(io.open(path, "w"))
math.randomseed(1998)
local row = {}
for _ = 1, rows do
  for j = 1, cols do
    local x = math.exp(16 * math.random() - 4)
    row[j] = (math.random(8) == 1 and "%.17g" or "%.9g"):format(x)
  end
  file:write(table.concat(row, ","), "\n")
end
assert(file:close())
