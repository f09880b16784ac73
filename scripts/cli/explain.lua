--- capmod explain CMnnnn: what an error number means.

local program = ...
local errors = require "capmod.errors"
local options = program.use "options"

local verb = {
  name = "explain",
  synopsis = { "capmod explain CMnnnn", "capmod explain   (lists all numbers)" },
  about = "Says what an error means and how it comes about.",
  options = {},
}

local function indented(text) return (("\n" .. text):gsub("\n", "\n    "):gsub("[ \n]+$", "")) end

local function show(number, entry)
  local lines = { ("CM%04d: %s"):format(number, entry.title), "", (entry.text:gsub("%s+$", "")) }
  local fix = entry.fix or (require "capmod.core".statuses()[number] or {}).fix
  if fix and fix ~= "" then lines[#lines + 1] = "\nUsual fix: " .. fix .. "." end
  if entry.example then lines[#lines + 1] = "\nFor example:" .. indented(entry.example) end
  if entry.provoked then lines[#lines + 1] = "\nTested in " .. entry.provoked .. "." end
  print(table.concat(lines, "\n"))
  return 0
end

local function list()
  for _, number in ipairs(errors.numbers()) do
    print(("CM%04d  %s"):format(number, errors.explain(number).title))
  end
  return 0
end

function verb.run(_, rest)
  if #rest == 0 then return list() end
  local text = table.concat(rest, " ")
  local number = math.tointeger(tonumber(text:upper():match "^C?M?(%d+)$"))
  local entry = number and errors.explain(number)
  if not entry then
    options.fail(("there is no error '%s'"):format(text), "capmod explain lists all numbers", verb)
  end
  return show(number, entry)
end

return verb
