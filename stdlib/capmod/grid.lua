--- Grids: a labelled matrix as one writes it down.
---
---     local Z = cm.grid[[       USA   KOR
---                        USA    10     4     -- comments end a line
---                        KOR    22    15  ]]
---
--- The first line holds the labels of the columns; each line after it begins with the label of its
--- row. Labels have no blanks in them. All mistakes are reported at once, with line and column in
--- the text. Errors CM17xx.

local args = require "capmod.args"
local core = require "capmod.core"
local errors = require "capmod.errors"

local grid = {}

--- The words of a line with the columns (in characters) where they begin.
local function words_of(line)
  local words = {}
  line = line:gsub("^%-%-.*$", ""):gsub("%s%-%-.*$", "")
  for at, word in line:gmatch "()(%S+)" do
    words[#words + 1] = { text = word, col = utf8.len(line:sub(1, at - 1), 1, -1, true) + 1 }
  end
  return words
end

--- Lines that hold something: lists of words with the number of the line.
local function lines_of(source)
  local lines, number = {}, 0
  for line in (source .. "\n"):gmatch "(.-)\r?\n" do
    number = number + 1
    local words = words_of(line)
    if #words > 0 then
      words.line = number
      lines[#lines + 1] = words
    end
  end
  return lines
end

local function complain(found, number, line, col, message, fix)
  found:add(number, { message = ("grid, line %d, column %d: %s"):format(line, col, message),
    object = "grid", row = line, col = col, fix = fix })
end

--- A decimal number, or nil (tonumber alone would take 0x10).
local function number_of(word)
  return word:find "^[+-]?%.?%d[%d.]*[eE]?[+-]?%d*$" and tonumber((word:gsub("^%+", ""))) or nil
end

local function hint(word)
  if word:find "^[+-]?%d+,%d+" then
    return "decimals have a point, thousands nothing between them"
  end
  if not word:find "%d" then return "an element that is empty is written 0" end
end

--- The labels among `words`, each of which may stand once.
local function add_label(found, seen, labels, word, line, what)
  if seen[word.text] then
    complain(found, 1704, line, word.col,
      ("%s '%s' stands in line %d already"):format(what, word.text, seen[word.text]),
      "give each its own label")
  end
  seen[word.text] = line
  labels[#labels + 1] = word.text
end

local function read_row(found, words, cols)
  local values = {}
  for j = 2, #words do
    local word = words[j]
    values[j - 1] = number_of(word.text)
    if not values[j - 1] then
      complain(found, 1703, words.line, word.col, ("'%s' is not a number"):format(word.text),
        hint(word.text))
      values[j - 1] = 0
    end
  end
  if #values ~= cols then
    local last = words[math.min(#words, cols + 2)]
    complain(found, 1702, words.line, last.col, ("row '%s' has %d numbers for %d columns"):format(
      words[1].text, #values, cols), "the first line names the columns")
  end
  return values
end

--- Reads a grid (a string) as a Matrix. CM1701 nothing in it, CM1702 wrong number of numbers in a
--- row, CM1703 not a number, CM1704 a label that stands twice.
---@param source string
---@return capmod.Matrix
local function read(source)
  args.one(source, "grid", "the text", "string")
  local lines, found = lines_of(source), errors.findings()
  if #lines < 2 then
    complain(found, 1701, 1, 1, #lines == 0 and "there is nothing in it" or "there are no rows",
      "the first line names the columns, each line after it a row and its numbers")
    found:raise()
  end
  local header, rows, cols, data = lines[1], {}, {}, {}
  local seen_rows, seen_cols = {}, {}
  for _, word in ipairs(header) do
    add_label(found, seen_cols, cols, word, header.line, "column")
  end
  for i = 2, #lines do
    local words = lines[i]
    add_label(found, seen_rows, rows, words[1], words.line, "row")
    data[i - 1] = read_row(found, words, #cols)
  end
  found:raise()
  return core.matrix_from(data):label{ rows = rows, cols = cols }
end

return setmetatable(grid, {
  __name = "capmod.grid",
  __call = function(_, source) return read(source) end,
})
