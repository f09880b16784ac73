--- Options in GNU's habits: --name=value, --name value, -n value, -- ends them,
--- and they stand before the operands, so that the rest is the script's own.
---
--- A verb is described by { name, synopsis = { ... }, about, options = { ... },
--- run }, an option by { "name", short = "n", value = "WHAT", many = true, about }.

local errors = require "capmod.errors"

local options = {}

local Usage = { __tostring = function(self) return self.message end }

--- Ends with a message about how the program was called: status 2.
---@param message string
---@param fix? string
---@param verb? table
function options.fail(message, fix, verb)
  error(setmetatable({ message = message, fix = fix, verb = verb and verb.name }, Usage), 0)
end

---@return boolean
function options.is_usage(e) return getmetatable(e) == Usage end

local help = { "help", short = "h", about = "show this and end" }

local function names_of(verb)
  local names = { "--help" }
  for _, option in ipairs(verb.options) do names[#names + 1] = "--" .. option[1] end
  return names
end

local function find(verb, key, name)
  if name == help[key] then return help end
  for _, option in ipairs(verb.options) do
    if option[key] == name then return option end
  end
end

local function put(given, option, value)
  if option.many then
    given[option[1]] = given[option[1]] or {}
    table.insert(given[option[1]], value)
  else
    given[option[1]] = value
  end
end

--- Splits an argument that begins with "-" into the option's key, name and attached value.
local function dissect(text)
  local name, value = text:match "^%-%-([^=]+)=(.*)$"
  if name then return 1, name, value end
  name = text:match "^%-%-(.+)$"
  if name then return 1, name end
  name, value = text:match "^%-(.)(.*)$"
  return "short", name, value ~= "" and value or nil
end

--- Takes the option at arguments[i]; returns the index of the next argument.
local function take(verb, arguments, i, given)
  local key, name, value = dissect(arguments[i])
  local option = find(verb, key, name)
  if not option then
    local written = key == 1 and "--" .. name or "-" .. name
    options.fail(("unknown option '%s'"):format(written),
      errors.did_you_mean(written, names_of(verb)), verb)
  end
  local written = "--" .. option[1]
  if not option.value then
    if value then options.fail(("option '%s' takes no value"):format(written), nil, verb) end
    put(given, option, true)
    return i + 1
  end
  if value == nil then
    i = i + 1
    value = arguments[i]
    if value == nil then
      options.fail(("option '%s' needs a value: %s"):format(written, option.value), nil, verb)
    end
  end
  put(given, option, value)
  return i + 1
end

--- Reads the options before the first operand.
---@param verb table
---@param arguments string[]
---@return table given, string[] rest
function options.parse(verb, arguments)
  local given, i = {}, 1
  while i <= #arguments do
    local text = arguments[i]
    if text == "--" then
      i = i + 1
      break
    end
    if text == "-" or text:sub(1, 1) ~= "-" then break end
    i = take(verb, arguments, i, given)
  end
  return given, { table.unpack(arguments, i) }
end

--- The text of --help.
---@param verb table
---@return string
function options.usage(verb)
  local lines = {}
  for i, synopsis in ipairs(verb.synopsis) do
    lines[#lines + 1] = (i == 1 and "usage: " or "       ") .. synopsis
  end
  lines[#lines + 1] = verb.about
  if #verb.options > 0 then lines[#lines + 1] = "" end
  local all = { table.unpack(verb.options) }
  all[#all + 1] = #all > 0 and help or nil
  for _, option in ipairs(all) do
    local short = option.short and ("-%s, "):format(option.short) or "    "
    local left = short .. "--" .. option[1] .. (option.value and " " .. option.value or "")
    lines[#lines + 1] = ("  %-24s %s"):format(left, option.about)
  end
  return table.concat(lines, "\n") .. "\n"
end

local seconds_in = { ms = 0.001, s = 1, [""] = 1, m = 60, min = 60, h = 3600 }
local bytes_in = { [""] = 1, k = 1e3, m = 1e6, g = 1e9, t = 1e12,
                   ki = 2 ^ 10, mi = 2 ^ 20, gi = 2 ^ 30, ti = 2 ^ 40 }

local function measure(text, units, what, example, verb)
  local number, unit = text:match "^([%d.]+)%s*(%a*)$"
  number, unit = tonumber(number), unit and unit:lower()
  if unit and not units[unit] then unit = unit:match "^(.-)b$" end -- 2GB
  if not number or not units[unit] or number <= 0 then
    options.fail(("%s: '%s' is no amount"):format(what, text), "for example " .. example, verb)
  end
  return number * units[unit]
end

---@return number? seconds
function options.seconds(text, verb)
  return text and measure(text, seconds_in, "--time", "60s, 500ms, 5m", verb)
end

--- A folder to save in, which the name of a file is not.
---@return string? folder
function options.folder(text, verb)
  local name, kind = (text or ""):match "([^/]*)%.(%a+)$"
  if name and (kind == "csv" or kind == "json" or kind == "html" or kind == "xlsx") then
    options.fail(("--output: '%s' is the name of a file, not of a folder"):format(text),
      ("-o %s keeps all that belongs together, a .csv file for each table"):format(
        name ~= "" and name or "results"), verb)
  end
  return text
end

---@return number? bytes
function options.bytes(text, verb)
  return text and measure(text, bytes_in, "--memory", "2G, 500M", verb)
end

return options
