--- What the readers of editions share: labels that must be countries times sectors, blocks of
--- the numbers, and errors that name the place in the file.

local core = require "capmod.core"
local errors = require "capmod.errors"

local layout = {}

--- Raises CM5103: the file is not quite of the edition.
---@param path string
---@param row integer  as an editor counts lines; 0 where it is about no line
---@param col integer  field of the line, or 0
---@param message string
function layout.wrong(path, row, col, message)
  local place = col > 0 and ("row %d, column %d of %s"):format(row, col, path)
    or row > 0 and ("row %d of %s"):format(row, path) or path
  errors.raise(5103, {
    message = ("%s (%s)"):format(message, place), object = path, path = path,
    row = row > 0 and row or nil, col = col > 0 and col or nil,
    fix = "compare the file with the publisher's, or read it as another edition: as = ...",
  })
end

--- Reads a file (see core.text) of which only rows after `last` may have blanks, as totals do.
---@param options table  path, header_rows, label_cols
---@param rows_of fun(text: any): integer  how many rows of data are without blanks
function layout.text(options, rows_of)
  options.blank = "zero"
  local text = core.text(options)
  local last = rows_of(text)
  local row, col = text:blank()
  if row and row <= last + options.header_rows then
    layout.wrong(options.path, row, col, "a blank where a number is expected")
  end
  return text, last
end

--- How many of a list come before the first that `is_other`.
function layout.leading(list, is_other)
  for i, item in ipairs(list) do
    if is_other(item) then return i - 1 end
  end
  return #list
end

--- "USA_C29" -> "USA", "C29", at the first underscore; lists of both for a list.
function layout.split(list)
  local outer, inner = {}, {}
  for i, label in ipairs(list) do
    outer[i], inner[i] = label:match "^([^_]+)_(.+)$"
    if not outer[i] then outer[i], inner[i] = label, "" end
  end
  return outer, inner
end

--- Checks that labels first .. last run through all inner ones for each outer one (country by
--- country, in each the same sectors in the same order), and gives both lists.
---@param outer string[]
---@param inner string[]
---@param first integer
---@param last integer
---@param wrong fun(i: integer, message: string)  raises the error at label i
---@return string[] outers, string[] inners
function layout.product(outer, inner, first, last, wrong)
  local outers, inners, seen = {}, {}, {}
  for i = first, last do
    if outer[i] ~= outer[first] or i > first and inner[i] == inner[first] then break end
    inners[#inners + 1] = inner[i]
  end
  for i = first, last do
    local place = (i - first) % #inners + 1
    if place == 1 then
      if seen[outer[i]] then wrong(i, ("'%s' comes a second time"):format(outer[i])) end
      outers[#outers + 1], seen[outer[i]] = outer[i], true
    end
    if outer[i] ~= outers[#outers] or inner[i] ~= inners[place] then
      wrong(i, ("'%s %s' stands where '%s %s' is expected"):format(outer[i], inner[i],
        outers[#outers], inners[place]))
    end
  end
  if #inners > 0 and (last - first + 1) % #inners ~= 0 then
    wrong(last, ("the list ends within '%s'"):format(outers[#outers]))
  end
  return outers, inners
end

--- Checks that one list continues as another: columns as rows, say.
---@param list string[]
---@param first integer  where in the list it begins
---@param want string[]
---@param wrong fun(i: integer, message: string)
function layout.same(list, first, want, wrong)
  for i, label in ipairs(want) do
    local got = list[first + i - 1]
    if got ~= label then
      wrong(first + i - 1,
        ("'%s' stands where '%s' is expected"):format(tostring(got or "nothing"), label))
    end
  end
end

--- first, first + 1, ... last.
function layout.range(first, last)
  local list = {}
  for i = first, last do list[#list + 1] = i end
  return list
end

--- A list with the source's spellings replaced: { NDL = "NLD" }.
function layout.respelt(list, spellings)
  local out = {}
  for i, code in ipairs(list) do out[i] = spellings[code] or code end
  return out
end

--- The year in a file's name, if there is one.
---@return integer?
function layout.year(path)
  local name = path:match "([^/]*)$"
  for digits in name:gmatch "%d+" do
    local year = #digits == 4 and math.tointeger(tonumber(digits))
    if year and year >= 1900 and year < 2100 then return year end
  end
end

return layout
