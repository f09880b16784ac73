--- Recipes: how finely a stage is cut is a choice of its own.
---
---     { "body", at = { "CHN", "BRA" }, recipes = {
---       whole   = { labour = 30, capital = 8 },
---       modules = { labour = 9, interface = 1.5, stages = {
---         { "frame", labour = 8 }, { "panels", labour = 2, at = { "CHN", "IND" } } } } } }
---
--- A recipe says what differs in the stage itself and which stages it uses then; those that say no
--- place may be where the stage may be. What it is made of is used by this recipe alone. In a
--- placement a stage of a recipe that is not taken is "not made". Errors CM2070, CM2071.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local stage = require "capmod.chain.stage"

local recipes = {}

--- Stands as the place of a stage that is not made.
recipes.nowhere = "(not made)"

local FIELDS = {
  stages = { "list", about = "{ { \"frame\", labour = 8 }, ... }" },
  uses = { "string", "table", about = "how many of its stages: { panels = 4 }; one of each" },
  interface = { "number", about = "what each border or firm that its stages cross costs" },
}
for _, name in ipairs{ "adds", "labour", "capital", "materials", "profit", "tier", "class", "buys",
  "note" } do
  FIELDS[name] = stage.fields[name]
end

local function refuse(found, name, message, fix)
  found:add(2070, { message = ("stage '%s': %s"):format(name, message),
    object = ("stage '%s'"):format(name), field = "recipes",
    fix = fix or "recipes = { whole = { labour = 30 }, parts = { labour = 9, stages = {} } }" })
end

--- The stages of a recipe as entries of their own, with what they take from the stage.
local function entries_of(entry, name, recipe, found)
  local list = {}
  for i, inner in ipairs(recipe.stages or {}) do
    if type(inner) ~= "table" or type(inner[1]) ~= "string" then
      refuse(found, entry[1], ("stage %d of recipe '%s' has no name"):format(i, name),
        "a stage begins with its name: { \"frame\", labour = 8 }")
    elseif inner.recipes ~= nil or inner.demand ~= nil then
      refuse(found, entry[1], ("'%s' of recipe '%s' has %s"):format(inner[1], name,
        inner.recipes ~= nil and "recipes of its own" or "a demand"),
        "write them as recipes of one stage, or stages of the chain")
    else
      local copy = {}
      for field, value in each(inner) do copy[field] = value end
      if copy.at == nil then copy.at, copy.by = entry.at, copy.by or entry.by end
      if copy.interface == nil then copy.interface = recipe.interface end
      list[#list + 1] = copy
    end
  end
  return list
end

--- What the recipe puts into the stage itself: as many as it says of each of its stages that none
--- of the others uses.
local function uses_of(entry, recipe, inner)
  local uses, used, said = {}, {}, recipe.uses
  local function note(list)
    if type(list) == "string" then list = { list } end
    for key, value in each(type(list) == "table" and list or {}) do
      used[type(key) == "number" and value or key] = true
    end
  end
  for _, one in ipairs(inner) do note(one.uses) end
  local function take(list)
    if type(list) == "string" then list = { list } end
    for key, value in each(type(list) == "table" and list or {}) do
      if type(key) == "number" then uses[#uses + 1] = value else uses[key] = value end
    end
  end
  take(entry.uses)
  take(said)
  note(said)
  for _, one in ipairs(inner) do
    if not used[one[1]] then uses[#uses + 1] = one[1] end
  end
  return uses
end

--- The stage as a recipe makes it, and the stages of the recipe, as an author would write them.
local function written(entry, name, recipe, found)
  local inner, whole = entries_of(entry, name, recipe, found), {}
  for field, value in each(entry) do
    if field ~= "recipes" then whole[field] = value end
  end
  for field, value in each(recipe) do
    if field ~= "stages" and field ~= "interface" then whole[field] = value end
  end
  whole.uses = uses_of(entry, recipe, inner)
  return whole, inner
end

--- `uses` of a recipe says how many of its own stages it takes. CM2071.
local function check_said(entry, name, recipe, inner, found)
  local own, said = {}, recipe.uses
  for _, one in ipairs(inner) do own[one[1]] = true end
  for key, value in each(type(said) == "table" and said or said and { said } or {}) do
    local use = type(key) == "number" and value or key
    if not own[use] then
      found:add(2071, { message = ("stage '%s': recipe '%s' uses '%s', which is none of its stages")
        :format(entry[1], name, tostring(use)), object = ("stage '%s'"):format(entry[1]),
        field = "uses", fix = "what all recipes use stands in uses of the stage" })
    end
  end
end

local function is_by_name(given)
  if type(given) ~= "table" or next(given) == nil then return false end
  for name in each(given) do
    if type(name) ~= "string" then return false end
  end
  return true
end

--- Of a stage that says which recipe it is made by, no other is left; `absent` gets the names of
--- the stages of the others.
local function settled(entry, absent, found)
  local given, known = entry.recipes, {}
  if entry.recipe == nil or not is_by_name(given) then return entry end
  for name in each(given) do known[#known + 1] = name end
  local one = {}
  for field, value in each(entry) do one[field] = value end
  if given[entry.recipe] == nil then
    refuse(found, entry[1], ("there is no recipe '%s'"):format(tostring(entry.recipe)),
      errors.did_you_mean(tostring(entry.recipe), known, "its recipes are "
        .. table.concat(known, ", ")))
    one.recipe = nil -- the rest is checked as if none were settled
    return one
  end
  for name, recipe in each(given) do
    local inner_list = name ~= entry.recipe and type(recipe) == "table" and recipe.stages
    for _, inner in ipairs(type(inner_list) == "table" and inner_list or {}) do
      if type(inner) == "table" then absent[tostring(inner[1])] = true end
    end
  end
  one.recipes = { [entry.recipe] = given[entry.recipe] }
  return one
end

local function expand_one(entry, list, tags, found)
  local given = entry.recipes
  local combines = entry.combine ~= nil and entry.combine ~= "sum"
  if combines or not is_by_name(given) then
    refuse(found, entry[1], combines and "it has recipes, and combines its inputs besides"
      or "recipes is no table of recipes by name", combines
      and "give it the recipes, and let a stage that uses it combine" or nil)
    list[#list + 1] = entry
    return
  end
  local all, tag = {}, { variants = {} }
  for field, value in each(entry) do
    if field ~= "recipes" then all[field] = value end
  end
  all.uses = {}
  for name, recipe in each(given) do
    local before = #found
    args.check(("recipe '%s' of stage '%s'"):format(tostring(name), entry[1]), recipe, FIELDS,
      found)
    if #found == before then
      local whole, inner = written(entry, name, recipe, found)
      check_said(entry, name, recipe, inner, found)
      tag.variants[#tag.variants + 1] = { name = name, entry = whole }
      for key, value in each(whole.uses) do
        if type(key) == "number" then key, value = value, 1 end
        all.uses[key] = value
      end
      for _, one in ipairs(inner) do
        list[#list + 1] = one
        tags[#list] = { of = entry[1], recipe = name }
      end
    end
  end
  if #tag.variants == 1 then -- nothing is open
    all, tag.variants = tag.variants[1].entry, nil
    for _, part in each(tags) do
      if part.of == entry[1] then part.of = nil end
    end
  elseif all.adds == nil then
    all.adds = 0
  end
  list[#list + 1] = all
  tags[#list] = tag
end

--- The stages of a chain with those of all recipes among them, and by number what recipes say:
--- { of = stage, recipe = name } of a part, { variants = } of a stage that has recipes.
---@param given table[]
---@param found cm.Findings
---@return table[] list, table<integer, table> tags, table<string, boolean> absent
function recipes.expand(given, found)
  local list, tags, absent = {}, {}, {}
  for _, entry in ipairs(given) do
    if type(entry) == "table" and entry.recipes ~= nil and type(entry[1]) == "string" then
      entry = settled(entry, absent, found)
      expand_one(entry, list, tags, found)
    else
      list[#list + 1] = entry
    end
  end
  return list, tags, absent
end

--- What is used within a recipe and outside of it are two things. CM2071.
local function check_uses(list, found)
  local by_name = {}
  for _, s in ipairs(list) do by_name[s.name] = s end
  for _, s in ipairs(list) do
    for _, use in ipairs(s.uses) do
      local other = by_name[use[1]]
      local one, two = s.part, other and other.part
      local inner = two and s.variants and two.of == s.name
      local same = one and two and one.of == two.of and one.recipe == two.recipe
      if other and (one or two) and not inner and not same then
        local part = two and other or s
        found:add(2071, { message = ("stage '%s' uses '%s', but '%s' is of recipe '%s' alone")
          :format(s.name, use[1], part.name, part.part.recipe), field = "uses",
          object = ("stage '%s'"):format(s.name),
          fix = ("let '%s' use it in all recipes"):format(part.part.of) })
      end
    end
  end
end

--- Gives the stages that were read what recipes say of them.
---@param list table[]
---@param tags table<integer, table>
---@param hints table<string, string>
---@param found cm.Findings
---@param free any  see stage.read
function recipes.attach(list, tags, hints, found, free)
  for i, s in ipairs(list) do
    local tag = tags[i] or {}
    s.part = tag.of and tag or nil
    for _, variant in ipairs(tag.variants or {}) do
      local v = stage.read(variant.entry, hints[s.name], found, free)
      if v then
        v.recipe = variant.name
        s.variants = s.variants or {}
        s.variants[#s.variants + 1] = v
      end
    end
    if s.variants then s.adds = {} end -- known of a recipe
  end
  check_uses(list, found)
end

--- Lets the recipes of a stage know what only the chain can say.
---@param list table[]
function recipes.finish(list)
  for _, s in ipairs(list) do
    for _, v in ipairs(s.variants or {}) do
      v.world, v.per_unit, v.at, v.by, v.ways = s.world, s.per_unit, s.at, s.by, s.ways
    end
  end
end

--- The stage of what a chain was made from that has a name, also within recipes: its entry.
---@param stages table[]
---@param name string
---@return table?
function recipes.find(stages, name)
  for _, entry in ipairs(stages) do
    for _, recipe in each(type(entry.recipes) == "table" and entry.recipes or {}) do
      for _, inner in ipairs(type(recipe) == "table" and recipe.stages or {}) do
        if inner[1] == name then return inner end
      end
    end
  end
end

return recipes
