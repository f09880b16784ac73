--- Groups of countries: by year where their membership is dated, and those of the author.

local args = require "capmod.args"
local country = require "capmod.codes.country"
local each = require "capmod.each"
local errors = require "capmod.errors"
local text = require "capmod.codes.text"

local group = {}

local fold = text.fold
local defined = {} -- the author's, by folded name
local index        -- the shipped ones, by folded name; made on first use

local income_names = {
  { key = "LIC", digits = "1", names = "Low income|Low-income countries" },
  { key = "LMC", digits = "2", names = "Lower middle income" },
  { key = "UMC", digits = "3", names = "Upper middle income" },
  { key = "HIC", digits = "4", names = "High income|High-income countries" },
  { key = "MIC", digits = "23", names = "Middle income" },
  { key = "LMY", digits = "123", names = "Low and middle income|Low & middle income" },
}

--- The countries of a region, from its sub-regions.
local function region_members(regions, name)
  if regions.sub[name] then return regions.sub[name] end
  local list = {}
  for _, part in ipairs(regions.parts[name]) do
    table.move(region_members(regions, part), 1, 300, #list + 1, list)
  end
  return list
end

local function read_named(lines, separator)
  local map, order = {}, {}
  for line in lines:gmatch "[^\n]+" do
    local name, rest = line:match "^(.-): (.*)$"
    local items = separator and text.split(rest, separator) or text.words(rest)
    if not map[name] then
      map[name], order[#order + 1] = {}, name
    end
    table.move(items, 1, #items, #map[name] + 1, map[name])
  end
  return map, order
end

local function add(known, entry, names)
  known.list[#known.list + 1] = entry
  for _, name in ipairs(names) do known.by_key[fold(name)] = entry end
end

local function add_regions(known)
  local data = require "capmod.codes.data.regions"
  local regions = {}
  local sub_order, part_order
  regions.sub, sub_order = read_named(data.sub)
  regions.parts, part_order = read_named(data.parts, "|")
  local aliases = read_named(data.aliases, "|")
  for _, order in ipairs{ part_order, sub_order } do
    for _, name in ipairs(order) do
      local fixed = region_members(regions, name)
      add(known, { name = name, about = "region of the United Nations' M49", fixed = fixed },
        { name, table.unpack(aliases[name] or {}) })
    end
  end
end

local function add_dated(known)
  for _, data in ipairs(require "capmod.codes.data.groups") do
    local entry = { name = data.name, about = data.about, events = data.events }
    add(known, entry, { data.name, table.unpack(text.split(data.aliases, "|")) })
    for name, year in each(data.sizes or {}) do
      add(known, { name = name, about = ("%s in %d"):format(data.name, year),
        events = data.events, at = year }, { name })
    end
    if data.switch then
      add(known, { name = data.switch.name, about = data.about, events = data.events,
        switch = data.switch }, { data.switch.name })
    end
  end
end

local function known()
  if index then return index end
  index = { list = {}, by_key = {} }
  add_dated(index)
  add_regions(index)
  add(index, { name = "WLD", about = "all countries of ISO 3166-1", fixed = country.all() },
    { "WLD", "World" })
  for _, class in ipairs(income_names) do
    add(index, { name = class.key, about = "income class of the World Bank",
      digits = class.digits, title = text.split(class.names, "|")[1] },
      { class.key, table.unpack(text.split(class.names, "|")) })
  end
  return index
end

--- The group that a text names, and the year in its name (`BRICS_2010`), without an error.
---@param name any
---@return table? group
---@return integer? year
function group.find(name)
  if type(name) ~= "string" then return nil end
  local key = fold(name)
  local found = defined[key] or known().by_key[key]
  if found then return found end
  local base, year = key:match "^(.-) ?(%d%d%d%d)$"
  if base then
    found = defined[base] or known().by_key[base]
    return found, found and math.tointeger(year)
  end
end

--- Members after all events up to a year (nil: all), and the first year.
local function replay(events, year)
  local member, first = {}, nil
  for line in events:gmatch "[^\n]+" do
    local words = text.words(line)
    local when = math.tointeger(table.remove(words, 1))
    first = first or when
    if year and when > year then break end
    for _, word in ipairs(words) do
      member[word:match "%u+"] = word:byte() ~= 45 or nil
    end
  end
  local list = {}
  for code in each(member) do list[#list + 1] = code end
  return list, first
end

--- The column of the income table for a year: of 2017 and 2018, which it lacks, that of 2016.
local function income_column(year)
  local data = require "capmod.codes.data.income"
  if not year or year >= data.latest then return data.last - data.first + 2, data.latest end
  local list_year = math.min(year, data.last)
  return list_year - data.first + 1, list_year
end

local function income_members(digits, column)
  local list = {}
  for line in require("capmod.codes.data.income").text:gmatch "[^\n]+" do
    local code, classes = line:match "^(%u+) (.*)$"
    if digits:find(classes:sub(column, column), 1, true) then list[#list + 1] = code end
  end
  return list
end

--- The World Bank's income class of a country: "low income", "lower middle income", "upper
--- middle income", "high income", or nil where it gave none. The year is that of the incomes
--- (1987 to 2016, and 2019); 2017 and 2018 take 2016, later years 2019. CM1101, CM1104.
---@param name string|integer  a country
---@param year? integer
---@return string? class
---@return integer list_year
function group.income(name, year)
  local code, column, list_year = country.code(name), income_column(year)
  if column < 1 then return nil, list_year end
  local classes = require("capmod.codes.data.income").text:match(code .. " ([%d.]+)")
  local class = income_names[tonumber(classes and classes:sub(column, column)) or 0]
  return class and text.split(class.names, "|")[1]:lower(), list_year
end

local function no_members(name, year, first, starts)
  errors.raise(1107, { object = name,
    message = ("%s has no members in %d: it begins in %d"):format(name, year, first),
    fix = starts and ("name the year that is meant: %s_%d"):format(name:gsub(" ", "_"), first)
      or "the classes are known from that year on" })
end

local function dated_members(entry, year)
  if entry.at then return replay(entry.events, entry.at), entry.name end
  local switch = entry.switch
  if switch then
    year = year and year < switch.before and switch.first or switch.second
  end
  local list, first = replay(entry.events, year)
  if #list == 0 then no_members(entry.name, year, first, true) end
  return list, year and ("%s_%d"):format(entry.name:gsub(" ", "_"), year) or entry.name
end

--- The members of a group that `find` gave; selectors use it.
---@param entry table
---@param year? integer
---@param inside? table<string, boolean>  the author's groups that are being resolved
---@return string[] codes  sorted
---@return string title    the composition that was taken: "EU27_2007"
function group.resolve(entry, year, inside)
  if entry.members then return entry.members(year, inside), entry.name end
  if entry.events then return dated_members(entry, year) end
  if entry.digits then
    local column, list_year = income_column(year)
    if column < 1 then
      no_members(entry.name, year, require("capmod.codes.data.income").first)
    end
    return income_members(entry.digits, column), ("%s_%d"):format(entry.name, list_year)
  end
  local list = { table.unpack(entry.fixed) }
  table.sort(list)
  return list, entry.name
end

--- All names of groups, the author's among them, for completion and "did you mean".
---@return string[]
function group.names()
  local names = {}
  for _, entry in ipairs(known().list) do
    names[#names + 1] = entry.name
    if entry.title then names[#names + 1] = entry.title end
  end
  for _, entry in each(defined) do names[#names + 1] = entry.name end
  table.sort(names)
  return names
end

--- The countries of a group in a year, by alpha-3 code. A dated group without a year is taken
--- as it is today; `EU27` before 2013 is EU27_2007 and else EU27_2020; a year may stand in the
--- name: `BRICS_2010`. A country is a member in a year if it is one on its last day.
--- CM1003, CM1103 unknown group, CM1107 no members in that year.
---@param name string
---@param year? integer
---@return string[] codes
---@return string title  the composition that was taken: "EU27_2007"
function group.group(name, year)
  args.one(name, "group", "name", "string")
  local entry, own_year = group.find(name)
  if entry then return group.resolve(entry, own_year or year) end
  errors.raise(1103, { message = ("unknown group '%s'"):format(name), object = name,
    fix = errors.did_you_mean(name, group.names(), "codes.groups() lists them") })
end

--- The groups with what each is: a list of { name =, about = }, sorted by name.
---@return { name: string, about: string }[]
function group.groups()
  local list = {}
  for _, name in ipairs(group.names()) do
    local entry = group.find(name)
    list[#list + 1] = { name = name, about = entry.about }
  end
  return list
end

---@class cm.Group
---@field name string
---@field about string
---@field of "country"|"sector"
---@field members fun(year?: integer, inside?: table<string, boolean>): string[]
local Group = { __name = "cm.Group" }
Group.__index = Group

function Group:__tostring()
  return ("group '%s': %s"):format(self.name, self.about)
end

local function about(spec)
  local members = spec.members
  if spec.about or type(members) == "string" then return spec.about or members end
  return type(members) == "table" and table.concat(members, " + ") or "defined by the author"
end

--- What gives the members of a group of the author's in a year.
local function resolver(spec, key)
  local given = spec.members
  if type(given) == "table" and not getmetatable(given) then given = { table.unpack(given) } end
  if spec.of == "sector" then
    local list = type(given) == "table" and given or { given }
    return function() return { table.unpack(list) } end
  end
  local callable = type(given) == "function" or type(given) == "table" and getmetatable(given)
  return function(year, inside)
    local now = { [key] = true }
    for other in each(inside or {}) do now[other] = true end
    local when = spec.year or year
    local members = callable and given(when) or given
    return require "capmod.codes.select"(members, { year = when, inside = now }).codes
  end
end

--- Adds a group to those that selectors know, or replaces one of the author's own.
---
---     cm.define.group{ name = "north-east Asia", about = "...", members = "KOR + JPN + CHN" }
---
--- `members` is a selector, a list of them or a function of the year that gives one of these;
--- `year` dates the groups in it once and for all. With of = "sector" it is a list of sector codes.
--- CM1001 to CM1004, CM1109 the name is taken, and what the selector raises.
---@param spec { name: string, members: string|string[]|function, about?: string, year?: integer,
---  of?: string }
---@return cm.Group
function group.define(spec)
  args.check("group", spec, {
    name = { "string", required = true, about = "how selectors call it" },
    members = { "string", "list", "callable", required = true,
      about = 'a selector, such as "EU27 + CHE"' },
    about = { "string" }, year = { "integer" },
    of = { "string", about = "country or sector" },
  })
  args.choice(spec.of or "country", "of", { "country", "sector" }, "group")
  local key = fold(spec.name)
  if country.find(spec.name) or known().by_key[key] then
    errors.raise(1109, { message = ("the name '%s' is taken"):format(spec.name),
      object = spec.name, fix = "choose another name for the group" })
  end
  local entry = setmetatable({ name = spec.name, of = spec.of or "country", about = about(spec),
    members = resolver(spec, key) }, Group)
  entry.members()
  defined[key] = entry
  return entry
end

return group
