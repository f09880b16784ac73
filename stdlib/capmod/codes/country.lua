--- Countries: alpha-3 codes of ISO 3166-1 from whatever a person or a source writes.

local each = require "capmod.each"
local errors = require "capmod.errors"
local text = require "capmod.codes.text"

local country = {}

local fold = text.fold
local shown = {} -- names that the author has chosen, by code
local index      -- made on first use

--- "Korea, Republic of" is "Republic of Korea", too.
local function turned(name)
  local head, tail = name:match "^([^,]+), ([^,]+)$"
  return head and tail .. " " .. head
end

local function learn(known, code, name)
  local key = fold(name)
  if known.by_key[key] == nil then
    known.by_key[key] = code
    known.spellings[#known.spellings + 1] = { name = name, key = key, code = code }
  end
end

local function learn_all(known, code, names)
  for _, name in ipairs(names) do learn(known, code, name) end
  for _, name in ipairs(names) do
    local other = turned(name)
    if other then learn(known, code, other) end
  end
end

local function read_iso(known, variants)
  for line in require("capmod.codes.data.countries"):gmatch "[^\n]+" do
    local code, alpha2, number, rest = line:match "^(%u+) (%u+) (%d+) (.*)$"
    local names = text.split(rest, "|")
    local typed = variants[code] or {}
    local name = typed[1] ~= "=" and typed[1] or names[2] and #names[2] < #names[1] and names[2]
      or names[1]
    known.codes[#known.codes + 1] = code
    known.name[code], known.alpha2[code], known.number[code] = name, alpha2, number
    known.all_names[code] = { name, table.unpack(names) }
    table.move(typed, 2, #typed, #names + 2, known.all_names[code])
    for _, key in ipairs{ code, alpha2, number } do known.by_key[key:lower()] = code end
  end
end

local function read_pseudo(known, data)
  for line in data.pseudo:gmatch "[^\n]+" do
    local code, rest = line:match "^(%w+) (.*)$"
    local names = text.split(rest, "|")
    known.name[code], known.pseudo[code] = names[1], true
    known.by_key[code:lower()] = code
    learn_all(known, code, names)
  end
end

local function make_index()
  local data = require "capmod.codes.data.variants"
  local known = { codes = {}, name = {}, alpha2 = {}, number = {}, all_names = {}, by_key = {},
    spellings = {}, ambiguous = {}, pseudo = {} }
  for line in data.ambiguous:gmatch "[^\n]+" do
    local name, codes = line:match "^(.-): (.*)$"
    known.by_key[fold(name)] = false
    known.ambiguous[fold(name)] = text.words(codes)
  end
  local variants = {}
  for line in data.names:gmatch "[^\n]+" do
    local code, rest = line:match "^(%u+) (.*)$"
    variants[code] = text.split(rest, "|")
  end
  read_iso(known, variants)
  for _, code in ipairs(known.codes) do learn(known, code, known.name[code]) end
  for _, code in ipairs(known.codes) do learn_all(known, code, known.all_names[code]) end
  read_pseudo(known, data)
  return known
end

local function known()
  index = index or make_index()
  return index
end

--- The code that a text stands for, without an error.
---@param name any  a name, a code or a number of ISO 3166-1
---@return string? code
---@return string[]? candidates  where more than one country bears the name
function country.find(name)
  if math.type(name) == "integer" then name = ("%03d"):format(name) end
  if type(name) ~= "string" then return nil end
  local all = known()
  if all.name[name] then return name end
  local key = fold(name)
  local code = all.by_key[key]
  if code then return code end
  if key:match "^x%l%l$" then return key:upper() end
  for chosen, chosen_name in each(shown) do
    if fold(chosen_name) == key then return chosen end
  end
  return nil, all.ambiguous[key]
end

--- All codes of ISO 3166-1, sorted.
---@return string[]
function country.all()
  return { table.unpack(known().codes) }
end

--- The name of a country as it is printed, or nil for a code without one.
---@param code string
---@return string?
function country.name(code)
  return shown[code] or known().name[code]
end

--- "KOR Korea", or the code alone where it has no name.
---@param code string
---@return string
function country.label(code)
  local name = country.name(code)
  return name and code .. " " .. name or code
end

--- Codes as a message lists them: "COD (DR Congo) or COG (Congo Republic)".
---@param codes string[]
---@param last string  "and" or "or"
---@return string
function country.list(codes, last)
  local shown_codes = {}
  for i, code in ipairs(codes) do
    local name = country.name(code)
    shown_codes[i] = name and ("%s (%s)"):format(code, name) or code
  end
  return text.join(shown_codes, last)
end

--- Chooses the names that are printed: `display{ TWN = "Taiwan" }`; false takes the
--- choice back. The names are understood on input, too. CM1003, CM1101.
---@param names table<string, string|false>
---@return table<string, string> names  all choices in force
function country.display(names)
  require("capmod.args").one(names, "display", "names", "table")
  for key, name in each(names) do
    local code = country.code(key)
    if name and type(name) ~= "string" then
      errors.raise(1003, { message = ("display: the name of %s is a %s, not a string")
        :format(code, type(name)), object = "display", field = code,
        fix = "display{ TWN = \"Taiwan\" }, or false for the name as it was" })
    end
    shown[code] = name or nil
  end
  local now = {}
  for code, name in each(shown) do now[code] = name end
  return now
end

--- The spelling that was most likely meant, or nil. Spellings with the same first
--- letter go first: it is the one that is seldom mistyped.
---@param name string
---@return string? code
function country.suggest(name)
  local key, near, codes = fold(name), {}, {}
  if key == "" then return nil end
  for _, spelling in ipairs(known().spellings) do
    codes[spelling.key] = spelling.code
    if spelling.key:byte() == key:byte() then near[#near + 1] = spelling.key end
  end
  for _, code in ipairs(known().codes) do
    codes[code:lower()] = codes[code:lower()] or code
    if code:lower():byte() == key:byte() then near[#near + 1] = code:lower() end
  end
  local best = errors.suggest(key, near)
  if best then return codes[best] end
  local all = {}
  for _, spelling in ipairs(known().spellings) do all[#all + 1] = spelling.key end
  best = errors.suggest(key, all)
  return best and codes[best]
end

--- The alpha-3 code of a country, from its name in common or official English, a
--- variant, alpha-2, alpha-3 or number; case and accents do not matter. ROW and WLD
--- are the rest of the world and the world, XAA to XZZ the codes that ISO leaves to
--- users; "Korea" is KOR. CM1003, CM1101 unknown, CM1104 ambiguous.
---@param name string|integer
---@return string code
function country.code(name)
  require("capmod.args").one(name, "country", "name", "string", "integer")
  local code, candidates = country.find(name)
  if code then return code end
  if candidates then
    errors.raise(1104, { message = ("'%s' is the name of more than one country"):format(name),
      object = tostring(name), fix = "write " .. country.list(candidates, "or") })
  end
  local near = country.suggest(tostring(name))
  errors.raise(1101, { message = ("unknown country '%s'"):format(name), object = tostring(name),
    fix = near and ("did you mean %s?"):format(country.list({ near }, "or"))
      or "use a name or a code of ISO 3166-1, such as KOR" })
end

--- All spellings with their codes, for completion.
---@return { name: string, key: string, code: string }[]
function country.spellings()
  return known().spellings
end

--- Whether a code stands for something that is no single country (ROW, WLD, CN1 ...).
---@param code string
---@return boolean
function country.is_pseudo(code)
  return known().pseudo[code] or false
end

return country
