-- Writes the csv that the benches work on: [Z|Y] of 44 countries x 56 sectors with 5 categories
-- of final demand, as large as WIOD 2016 and about 60 MB, its numbers as published tables have
-- them (one in eight with all its digits). The figures are random.
--   capmod run tests/bench/make_table.lua FILE

local path = assert(..., "usage: make_table.lua FILE")
local rows, cols = 44 * 56, 44 * 56 + 44 * 5

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
