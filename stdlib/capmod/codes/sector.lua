--- Sector classifications: their codes, names and concordances.

local each = require "capmod.each"
local args = require "capmod.args"
local errors = require "capmod.errors"
local text = require "capmod.codes.text"

local sector = {}

---@class cm.Classification
---@field name string            "ICIO2021"
---@field about string
---@field codes string[]         in the order of the tables
---@field names table<string, string>
---@field keys table<string, string>   folded code, name or spelling to code
---@field to table<string, table<string, string>>     other classification to code to code
---@field notes table<string, table<string, string>>  the same for what fits approximately
---@field optional table<string, boolean>
local Classification = { __name = "cm.Classification" }
Classification.__index = Classification

function Classification:__tostring()
  return ("%s (%d): %s"):format(self.name, #self.codes, self.about)
end

--- The classification that is meant where none is named.
sector.default = "ICIO2021"

local shipped = { "BEA71", "ICIO2021", "ISIC31", "ISIC4", "LRWIOD", "WIOD2013", "WIOD2016" }
local defined, loaded = {}, {}

local fold = text.fold

--- Folded, and without the words that every other name of NACE Rev. 2 begins with.
local function name_key(name)
  return (fold(name):gsub("^manufacture of ", ""))
end

local function learn(class, key, code)
  if class.keys[key] == nil then class.keys[key] = code end
end

local function read_line(class, data, line)
  local head, rest = line:match "^([^|]*)|(.*)$"
  local fields, names = text.words(head), text.split(rest, "|")
  local code = fields[1]
  class.codes[#class.codes + 1] = code
  class.names[code] = names[1]
  for i, other in ipairs(data.to or {}) do
    class.to[other][code] = fields[i + 1]
  end
  return code, names
end

local function build(data)
  local class = setmetatable({ name = data.name, about = data.about, codes = {}, names = {},
    keys = {}, to = {}, notes = data.notes or {}, optional = {} }, Classification)
  for _, other in ipairs(data.to or {}) do class.to[other] = {} end
  for _, code in ipairs(text.words(data.optional or "")) do class.optional[code] = true end
  local spellings = {}
  for line in data.text:gmatch "[^\n]+" do
    local code, names = read_line(class, data, line)
    spellings[#spellings + 1] = { code = code, names = names }
  end
  for _, code in ipairs(class.codes) do learn(class, fold(code), code) end
  for _, s in ipairs(spellings) do
    for _, name in ipairs(s.names) do learn(class, name_key(name), s.code) end
  end
  for line in (data.more or ""):gmatch "[^\n]+" do
    local code, name = line:match "^(%S+) (.*)$"
    learn(class, name_key(name), code)
  end
  return class
end

--- The names of all classifications, sorted.
---@return string[]
function sector.classifications()
  local names = { table.unpack(shipped) }
  for name in each(defined) do names[#names + 1] = name end
  table.sort(names)
  return names
end

local function load_class(name)
  if defined[name] then return defined[name] end
  if not loaded[name] then
    local data = require("capmod.codes.data.sectors." .. name)
    loaded[name] = build(data)
    loaded[name].aliases = text.split(data.aliases or "", "|")
  end
  return loaded[name]
end

local function canonical(name)
  local function squeeze(s) return (fold(s):gsub(" ", "")) end
  local key = squeeze(name)
  for _, known in ipairs(sector.classifications()) do
    if squeeze(known) == key then return known end
  end
  for _, known in ipairs(shipped) do
    for _, alias in ipairs(load_class(known).aliases) do
      if squeeze(alias) == key then return known end
    end
  end
end

--- A classification by its name: ICIO2021 (or ICIO45), WIOD2013, WIOD2016, LRWIOD, ISIC4,
--- ISIC31, or one that an author has defined. CM1108.
---@param name? string|cm.Classification  without one the default, ICIO2021
---@return cm.Classification
function sector.classification(name)
  if getmetatable(name) == Classification then return name end
  args.one(name or sector.default, "classification", "name", "string")
  local known = canonical(name or sector.default)
  if known then return load_class(known) end
  local names = sector.classifications()
  errors.raise(1108, { message = ("unknown classification '%s'"):format(name), object = name,
    fix = errors.did_you_mean(name, names, "the classifications are " .. text.join(names, "and")) })
end

--- Adds a classification.
---
---     codes.define_classification{ name = "mine", sectors = {
---       { "A", "Farms", ISIC4 = "A", aliases = { "farming" } }, { "X", "All else" } } }
---
--- A field of a sector that is the name of a classification says what it is in that one;
--- a concordance exists where every sector says it. CM1001 to CM1003, CM1109.
---@param spec { name: string, about?: string, sectors: table[] }
---@return cm.Classification
function sector.define(spec)
  args.check("classification", spec, {
    name = { "string", required = true, about = "how tables and selectors call it" },
    about = { "string" },
    sectors = { "list", required = true, about = "a list of { code, name, ISIC4 = section }" },
  })
  if canonical(spec.name) and not defined[spec.name] then
    errors.raise(1109, { message = ("the classification '%s' is there already"):format(spec.name),
      object = spec.name, fix = "choose another name" })
  end
  local class = setmetatable({ name = spec.name, about = spec.about or "defined by the author",
    codes = {}, names = {}, keys = {}, to = {}, notes = {}, optional = {} }, Classification)
  local others = {}
  for _, other in ipairs(shipped) do others[other] = {} end
  for i, entry in ipairs(spec.sectors) do
    local code = args.one(entry[1], ("sector %d of %s"):format(i, spec.name), "code", "string")
    class.codes[i], class.names[code] = code, entry[2] or code
    learn(class, fold(code), code)
    for _, name in ipairs{ entry[2] or code, table.unpack(entry.aliases or {}) } do
      learn(class, name_key(name), code)
    end
    for other, map in each(others) do
      if entry[other] then map[code] = sector.code(entry[other], other) else others[other] = nil end
    end
  end
  class.to = others
  defined[spec.name] = class
  return class
end

--- Sectors whose names contain the text as whole words; those that begin with it go alone.
local function containing(class, key)
  local first, inside = {}, {}
  for _, code in ipairs(class.codes) do
    local name = " " .. name_key(class.names[code]) .. " "
    local at = name:find(" " .. key .. " ", 1, true)
    if at == 1 then first[#first + 1] = code elseif at then inside[#inside + 1] = code end
  end
  return #first > 0 and first or inside
end

--- The code that a text stands for, without an error.
---@param name any
---@param class cm.Classification
---@param exact? boolean  no parts of names
---@return string? code
---@return string[]? candidates
function sector.find(name, class, exact)
  if type(name) ~= "string" then return nil end
  local code = class.names[name] and name or class.keys[fold(name)] or class.keys[name_key(name)]
  if code or exact or fold(name) == "" then return code end
  local found = containing(class, name_key(name))
  if #found > 1 then return nil, found end
  return found[1]
end

--- "C29 (Motor vehicles, trailers and semi-trailers)", for a list of codes.
function sector.list(codes, class, last)
  local shown = {}
  for i, code in ipairs(codes) do shown[i] = ("%s (%s)"):format(code, class.names[code]) end
  return text.join(shown, last)
end

--- The sector that was most likely meant, or nil.
function sector.suggest(name, class)
  local keys, codes = {}, {}
  for key in each(class.keys) do keys[#keys + 1] = key end
  local best = errors.suggest(fold(name), keys)
  if best then codes[1] = class.keys[best] end
  return codes[1]
end

--- The code of a sector from its code, its name or an unmistakable part of the name; case
--- and marks do not matter. CM1003, CM1102 unknown, CM1104 ambiguous, CM1108.
---@param name string
---@param classification? string|cm.Classification  ICIO2021 where none is named
---@return string code
function sector.code(name, classification)
  args.one(name, "sector", "name", "string")
  local class = sector.classification(classification)
  local code, candidates = sector.find(name, class)
  if code then return code end
  if candidates then
    errors.raise(1104, { object = name, fix = "write " .. sector.list(candidates, class, "or"),
      message = ("'%s' fits more than one sector of %s"):format(name, class.name) })
  end
  local near = sector.suggest(name, class)
  errors.raise(1102, { message = ("unknown sector '%s' in %s"):format(name, class.name),
    object = name, fix = near and ("did you mean %s?"):format(sector.list({ near }, class, "or"))
      or "the codes are " .. text.join(class.codes, "and") })
end

--- The name of a sector, or nil.
---@param code string
---@param classification? string|cm.Classification
---@return string?
function sector.name(code, classification)
  return sector.classification(classification).names[code]
end

--- What each sector of a classification is in another one. Where the two cut differently
--- the larger part decides, and the second table says what does not fit. CM1108.
---@param from string|cm.Classification
---@param to string|cm.Classification
---@return table<string, string> map    code to code
---@return table<string, string> notes  code to what is approximate about it
function sector.concordance(from, to)
  local source, target = sector.classification(from), sector.classification(to)
  local map, notes = {}, {}
  if source == target then
    for _, code in ipairs(source.codes) do map[code] = code end
    return map, notes
  end
  if not source.to[target.name] then
    local there = {}
    for name in each(source.to) do there[#there + 1] = name end
    errors.raise(1108, { object = source.name,
      message = ("no concordance from %s to %s"):format(source.name, target.name),
      fix = #there > 0 and "there is one to " .. text.join(there, "and")
        or ("define one, or name the sectors of %s one by one"):format(source.name) })
  end
  for code, other in each(source.to[target.name]) do map[code] = other end
  for code, note in each(source.notes[target.name] or {}) do notes[code] = note end
  return map, notes
end

local function covers(class, list)
  local seen, count = {}, 0
  for _, code in ipairs(list) do
    local own = class.keys[fold(code)]
    if not own or seen[own] then return false end
    seen[own], count = true, count + 1
  end
  for _, code in ipairs(class.codes) do
    if not seen[code] and class.optional[code] then count = count + 1 end
  end
  return count == #class.codes
end

--- The classification that a table's sector codes belong to: every sector is there, in any
--- order and any of its spellings; nil where none fits.
---@param list string[]
---@return string? name
function sector.classify(list)
  args.one(list, "classify", "list", "list")
  for _, name in ipairs(sector.classifications()) do
    if covers(load_class(name), list) then return name end
  end
  return nil
end

return sector
