--- Codes: countries and groups of them, sectors and their classifications, selectors.
--- The facts stand in codes/data/ and are read on first use.

local country = require "capmod.codes.country"
local group = require "capmod.codes.group"
local sector = require "capmod.codes.sector"
local text = require "capmod.codes.text"

local codes = {
  country = country.code,
  find_country = country.find,
  countries = country.all,
  name = country.name,
  label = country.label,
  display = country.display,
  is_pseudo = country.is_pseudo,
  group = group.group,
  groups = group.groups,
  income = group.income,
  define_group = group.define,
  select = require "capmod.codes.select",
  sector = sector.code,
  sector_name = sector.name,
  classification = sector.classification,
  classifications = sector.classifications,
  define_classification = sector.define,
  concordance = sector.concordance,
  classify = sector.classify,
}

--- The members of a group in one line: "EU27_2007: AUT, BEL, ... (27)". Errors as `group`.
---@param name string
---@param year? integer
---@return string
function codes.members(name, year)
  local list, title = group.group(name, year)
  return ("%s: %s (%d)"):format(title, table.concat(list, ", "), #list)
end

---@class cm.Completion
---@field text string   what may be put in place of the prefix: "South Korea"
---@field code? string  what it stands for: "KOR"; nil for a group
---@field label string  for a list of choices: "South Korea → KOR"

local function completion(name, code)
  return { text = name, code = code,
    label = code and code ~= name and ("%s → %s"):format(name, code) or name }
end

--- Names and codes of countries, and groups, that begin with a prefix, sorted; of each
--- country that begins so the spellings are listed, the shortest first.
---@param prefix string
---@return cm.Completion[]
function codes.complete(prefix)
  local key, list, seen = text.fold(prefix), {}, {}
  local function offer(name, code)
    if not seen[name] and text.fold(name):sub(1, #key) == key then
      seen[name], list[#list + 1] = true, completion(name, code)
    end
  end
  for _, spelling in ipairs(country.spellings()) do offer(spelling.name, spelling.code) end
  for _, code in ipairs(country.all()) do offer(code, code) end
  for _, name in ipairs(group.names()) do offer(name) end
  table.sort(list, function(a, b) return a.text < b.text end)
  return list
end

--- Sectors whose code or name begins with a prefix, in the order of the classification.
---@param prefix string
---@param classification? string|cm.Classification
---@return cm.Completion[]
function codes.complete_sector(prefix, classification)
  local class, key, list = sector.classification(classification), text.fold(prefix), {}
  for _, code in ipairs(class.codes) do
    local name = class.names[code]
    if text.fold(code):sub(1, #key) == key then
      list[#list + 1] = completion(code, code)
    elseif text.fold(name):sub(1, #key) == key then
      list[#list + 1] = completion(name, code)
    end
  end
  return list
end

return codes
