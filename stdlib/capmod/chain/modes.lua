--- Modes of cooperation: what export, finishing abroad, direct investment, a joint venture, work in
--- a third market and the transfer of a chain change in a stage.
---
---     chain:as("joint", { home = "CHN", host = "ETH", equity = 0.6 })
---     cm.chain{ ..., modes = { home = "CHN", host = { "ETH", "KEN" }, "export", "fdi",
---       { "joint", equity = 0.6 } } }
---
--- A mode is a function that says for each stage in which ways it can be done: where, by whom, who
--- owns it, and on which terms. Authors add their own: cm.define.mode{ name =, about =, apply = }.
--- Errors CM2066 to CM2069.

local args = require "capmod.args"
local define = require "capmod.define"
local each = require "capmod.each"
local errors = require "capmod.errors"
local stage = require "capmod.chain.stage"
local terms = require "capmod.chain.terms"

local modes = {}

-- ---- what a way may say -------------------------------------------------------------------------

local TERMS = terms.of_mode
local WAY = { at = { "string", required = true }, by = { "string", "table", required = true } }
for name, rule in each(TERMS) do WAY[name] = rule end
WAY.name = nil

--- What every mode may be told.
local COMMON = {
  home = { "string", about = "where the firm is that has the product: \"CHN\"" },
  host = { "string", about = "where the work goes: \"ETH\"" },
  partner = { "string", about = "a firm of a second country: \"FRA\"" },
  keep = { "list", about = "stages that stay at home: { \"design\" }" },
  name = { "string", about = "of the chain that is made" },
  abroad = TERMS.abroad, learns = TERMS.learns,
  setup = { "boolean", about = "whether set-up is paid at the host" },
}

-- ---- the six modes ------------------------------------------------------------------------------

local function at_home(deal) return { at = deal.home, by = deal.home, setup = false } end

local function export(_, deal) return at_home(deal) end

local function finish(s, deal)
  if not s.final then return at_home(deal) end
  return { at = deal.host, by = deal.home, entry = false, setup = deal.setup,
    abroad = deal.abroad, learns = deal.learns }
end

local function fdi(s, deal)
  if s.kept then return at_home(deal) end
  return { at = deal.host, by = deal.home, setup = deal.setup, abroad = deal.abroad,
    learns = deal.learns }
end

--- { CHN = e, ETH = 1 - e }, or the one who has all.
local function between(one, other, e)
  if e >= 1 then return one elseif e <= 0 then return other end
  return { [one] = e, [other] = 1 - e }
end

local function joint(s, deal)
  if s.kept then return at_home(deal) end
  return { at = deal.host, by = between(deal.home, deal.host, deal.equity), setup = deal.setup,
    abroad = deal.abroad, joint = deal.joint, learns = deal.learns }
end

local function third_market(s, deal)
  local ways = {}
  local who = (deal.agreed or {})[s.name]
  local owners = deal.equity and between(deal.home, deal.partner, deal.equity)
  local setup = deal.setup or false
  for _, code in ipairs{ deal.home, deal.partner, deal.host } do
    if (not who or who == code) and not (s.kept and code == deal.host) then
      ways[#ways + 1] = { at = s.kept and code or deal.host, by = code, setup = setup,
        owners = code ~= deal.host and owners or nil, abroad = deal.abroad,
        learns = not s.kept and code ~= deal.host and deal.learns or nil }
    end
  end
  return ways
end

local function transfer(s, deal)
  if s.kept then return at_home(deal) end
  local e = deal.equity
  if type(e) == "table" then e = (e[1] + e[2]) / 2 end
  return { at = deal.host, by = deal.home, owners = between(deal.home, deal.host, e),
    entry = false, setup = deal.setup or false, abroad = deal.abroad, learned = deal.learned,
    royalty = deal.royalty, whole = true, learns = deal.learns,
    paid = deal.cost and { { "transfer", deal.cost, to = deal.home } } or nil }
end

local EQUITY = { "number", least = 0, most = 1, about = "share of home: 0.6" }

--- Defaults of `learns` are stylised: they order the modes, no source gives them.
local BUILT_IN = {
  export = { apply = export, needs = { "home" }, learns = 0,
    about = "all at home, the finished product is shipped" },
  finish = { apply = finish, needs = { "home", "host" }, learns = 0.01,
    about = "the last block in the host, the rest at home",
    fields = { stages = { "list", about = "the last block: { \"finishing\" }" } } },
  fdi = { apply = fdi, needs = { "home", "host" }, learns = 0.03,
    about = "home's firm alone in the host" },
  joint = { apply = joint, needs = { "home", "host" }, learns = 0.06,
    about = "a joint venture in the host",
    fields = { equity = { "number", least = 0, most = 1, default = 0.5, about = EQUITY.about },
      joint = TERMS.joint } },
  third_market = { apply = third_market, needs = { "home", "host", "partner" }, learns = 0.03,
    about = "home, a partner and the host's firms in a third country, stage by stage",
    fields = { equity = EQUITY, agreed = { "table", about = "{ boiler = \"FRA\" }" } } },
  transfer = { apply = transfer, needs = { "home", "host" }, learns = 0.1,
    about = "the whole block moves to the host, its equity over the years",
    fields = { equity = { "number", "table", least = 0, most = 1, default = 1,
        about = "share of home on average, or at the start and the end: { 1, 0 }" },
      cost = { "number", least = 0, about = "of training and licence, paid once" },
      royalty = { "number", least = 0, most = 1, about = "share of the stages' own value" },
      learned = TERMS.learned } },
}

--- Refuses a definition in which what the mode is told does not fit; CM1003, CM1004, and CM3103 the
--- name of a mode of capmod's own.
---@param t table  as cm.define.mode takes it
function modes.check(t)
  local object = ("mode '%s'"):format(t.name)
  if BUILT_IN[t.name] and not t.replace then
    errors.raise(3103, { message = ("%s is one of capmod's own"):format(object), object = t.name,
      field = "name", fix = "give it another name, or say replace = true" })
  end
  local names = {}
  for name in each(COMMON) do names[#names + 1] = name end
  for name, rule in each(t.fields or {}) do
    names[#names + 1] = name
    if type(rule) ~= "table" or type(rule[1]) ~= "string" then
      errors.raise(1003, { message = ("%s: fields.%s does not say of what kind it is"):format(
        object, tostring(name)), object = object, field = "fields",
        fix = ("fields = { %s = { \"number\", least = 0, default = 0.05, about = \"...\" } }")
          :format(tostring(name)) })
    end
  end
  for _, name in ipairs(t.needs or {}) do
    args.choice(name, "needs", names, object)
  end
end

--- The names of all modes.
local function known()
  local list = {}
  for name in each(BUILT_IN) do list[#list + 1] = name end
  for _, mode in ipairs(define.registry "mode") do list[#list + 1] = mode.name end
  return list
end

local function find(name)
  for _, mode in ipairs(define.registry "mode") do
    if mode.name == name then return mode end
  end
  return BUILT_IN[name]
end

local function no_mode(name)
  return { message = ("there is no mode '%s'"):format(tostring(name)), object = "mode",
    field = tostring(name), fix = errors.did_you_mean(tostring(name), known(), "modes are "
      .. table.concat(known(), ", ")) }
end

local function mode_of(name) return find(name) or errors.raise(2066, no_mode(name)) end

--- A finding where there is no mode of a name. CM2066.
---@param name string
---@param found cm.Findings
function modes.check_name(name, found)
  if not find(name) then found:add(2066, no_mode(name)) end
end

-- ---- deals --------------------------------------------------------------------------------------

local function check_numbers(given, spec, object, found)
  for field, rule in each(spec) do
    local value = given[field]
    if type(value) == "number" then
      terms.check_number(value, rule, ("%s.%s"):format(object, field), found)
    elseif type(value) == "table" and field == "equity" then
      for k = 1, 2 do
        terms.check_number(value[k], rule, ("%s.%s.%d"):format(object, field, k), found)
      end
    end
  end
end

local function check_needs(deal, mode, object, found)
  for _, field in ipairs(mode.needs or {}) do
    if deal[field] == nil then
      local rule = COMMON[field] or mode.fields[field]
      found:add(2067, { message = ("%s needs '%s'"):format(object, field), object = object,
        field = field, fix = ("%s: %s"):format(field, rule.about or "a " .. rule[1]) })
    end
  end
  for _, pair in ipairs{ { "home", "host" }, { "home", "partner" }, { "host", "partner" } } do
    local one, other = deal[pair[1]], deal[pair[2]]
    if one and one == other then
      found:add(2067, { message = ("%s: %s and %s are both %s"):format(object, pair[1], pair[2],
        one), object = object, field = pair[2], fix = "name two countries" })
    end
  end
end

--- The stages named in a list of a deal, as a set; CM2002 where the chain has none of the name.
local function named(chain, list, object, field, found)
  local set = {}
  for _, name in ipairs(type(list) == "table" and list or {}) do
    if not (chain.absent or {})[name] then
      require "capmod.chain.graph".find(chain.list, name, found, object, field)
    end
    if type(name) == "string" then set[name] = true end
  end
  return set
end

--- What a mode is told, checked, with codes and defaults.
---@param chain table
---@param name string
---@param given table
---@param found cm.Findings
---@return table? deal, table mode
local function read_deal(chain, name, given, found)
  local mode, before = mode_of(name), #found
  local object, spec, deal = ("mode '%s'"):format(name), {}, {}
  for _, fields in ipairs{ COMMON, mode.fields or {} } do
    for field, rule in each(fields) do spec[field] = rule end
  end
  args.check(object, given, spec, found)
  if #found > before then return nil, mode end
  check_numbers(given, spec, object, found)
  for field, value in each(given) do deal[field] = value end
  for field, rule in each(mode.fields or {}) do
    if deal[field] == nil then deal[field] = rule.default end
  end
  for _, field in ipairs{ "home", "host", "partner" } do
    deal[field] = deal[field] and stage.place(deal[field], found, object, field)
  end
  deal.home = deal.home or chain.world.home
  if deal.learns == nil then deal.learns = mode.learns end
  check_needs(deal, mode, object, found)
  deal.kept = named(chain, deal.keep, object, "keep", found)
  deal.last = deal.stages and named(chain, deal.stages, object, "stages", found)
  local agreed = {}
  for stage_name, code in each(deal.agreed or {}) do
    named(chain, { stage_name }, object, "agreed", found)
    local who = stage.place(code, found, object, "agreed")
    agreed[stage_name] = who
    if who and who ~= deal.home and who ~= deal.partner
      and (who ~= deal.host or deal.kept[stage_name]) then
      found:add(2067, { message = ("%s: agreed.%s is %s, who is none of those that do it"):format(
        object, stage_name, who), object = object, field = "agreed",
        fix = "home, partner or host; the host does none of the stages in keep" })
    end
  end
  deal.agreed = agreed
  return #found == before and deal or nil, mode
end

-- ---- ways ---------------------------------------------------------------------------------------

--- The stages that nobody uses, and those that may not be parted from them.
local function final_block(chain, groups)
  local used, final = {}, {}
  for _, s in ipairs(chain.list) do
    for _, use in ipairs(s.uses) do used[use[1]] = true end
  end
  for _, s in ipairs(chain.list) do final[s.name] = not used[s.name] or nil end
  groups = type(groups) == "table" and (type(groups[1]) == "table" and groups or { groups }) or {}
  for _, group in ipairs(groups) do
    for _, name in ipairs(group) do
      if final[name] then
        for _, other in ipairs(group) do final[other] = true end
      end
    end
  end
  return final
end

local function refuse_way(object, s, message, found)
  found:add(2068, { message = ("%s, stage '%s': %s"):format(object, s.name, message),
    object = object, field = s.name,
    fix = "apply gives { at = \"ETH\", by = \"CHN\" }, or a list of such" })
end

--- What an author's mode gives for one stage, brought to the form of a stage's option.
local function read_way(way, name, s, found)
  if type(way) ~= "table" then
    return refuse_way(("mode '%s'"):format(name), s, "the way to do it is a " .. type(way), found)
  end
  local before = #found
  args.check(("mode '%s', stage '%s'"):format(name, s.name), way, WAY, found)
  if #found > before then return nil end
  local option = { at = way.at, by = way.by, mode = { name = name } }
  for field in each(TERMS) do
    if field ~= "name" then option.mode[field] = way[field] end
  end
  return option
end

--- The ways of one stage under a deal, as options of a stage.
local function ways_of(name, mode, deal, s, final, found)
  local base = { name = s.name, class = s.class, tier = s.tier, at = s.at and s.at[1],
    by = s.by and s.by[1], kept = deal.kept[s.name] or false,
    final = (deal.last or final)[s.name] or false }
  local given, list = mode.apply(base, deal), {}
  if type(given) == "table" and given[1] == nil then given = { given } end
  for _, way in ipairs(type(given) == "table" and given or { given }) do
    local option = read_way(way, name, s, found)
    if option then
      local royalty = option.mode.royalty
      if type(royalty) == "number" then
        option.mode.royalty = royalty > 0 and { rate = royalty, to = deal.home } or nil
      end
      list[#list + 1] = option
    end
  end
  if #list == 0 and #found == 0 then
    refuse_way(("mode '%s'"):format(name), s, "there is no way to do it", found)
  end
  return list
end

-- ---- a chain in one mode ------------------------------------------------------------------------

--- What changes in the stages of a chain for one mode.
---@param chain table   the inside of a chain
---@param name string
---@param given table
---@return table changes of stages, table deal
function modes.changes(chain, name, given)
  local found = errors.findings()
  local deal, mode = read_deal(chain, name, given, found)
  found:raise()
  local changes, final = {}, final_block(chain, chain.colocate)
  for _, s in ipairs(chain.list) do
    if s.movable ~= false then
      local ways = ways_of(name, mode, deal, s, final, found)
      local one = ways[1]
      if #ways == 1 then
        changes[s.name] = { at = one.at, by = one.by, mode = one.mode, options = false }
      else
        changes[s.name] = { options = ways, mode = false }
      end
      changes[s.name].modes = false
    end
  end
  found:raise()
  return changes, deal
end

-- ---- modes to choose from -----------------------------------------------------------------------

local SHARED = { "home", "partner", "keep" }
local PER = { chain = true, stage = true }

--- The deals among which a chain may choose: { name =, label =, deal =, mode = }.
local function read_choices(chain, given, found)
  local list, items = {}, {}
  for key, item in each(given) do
    if type(key) == "number" then
      items[#items + 1] = type(item) == "table" and item or { item }
    elseif key ~= "host" and key ~= "per" and key ~= "home" and key ~= "partner"
      and key ~= "keep" then
      found:add(1001, { message = ("modes has no field '%s'"):format(tostring(key)),
        object = "modes", field = tostring(key), fix = errors.did_you_mean(key, { "home", "host",
          "partner", "keep", "per" }, "a mode is an item: { \"joint\", equity = 0.6 }") })
    end
  end
  if given.per ~= nil and not PER[given.per] then
    found:add(1004, { message = ("modes: per = '%s' is not one of chain, stage"):format(
      tostring(given.per)), object = "modes", field = "per",
      fix = "per = \"stage\" for a mode of each stage; leave it out for one of all" })
  end
  for _, item in ipairs(items) do
    local fields = {}
    for _, field in ipairs(SHARED) do fields[field] = given[field] end
    for field, value in each(item) do
      if field ~= 1 then fields[field] = value end
    end
    local hosts = fields.host or given.host
    if type(hosts) ~= "table" then hosts = { hosts } end
    local mode = mode_of(item[1])
    local needs_host = false
    for _, field in ipairs(mode.needs or { "host" }) do
      needs_host = needs_host or field == "host"
    end
    for k = 1, needs_host and math.max(#hosts, 1) or 1 do
      fields.host = hosts[k]
      local deal = read_deal(chain, item[1], fields, found)
      list[#list + 1] = { name = item[1], deal = deal, mode = mode,
        label = #hosts > 1 and needs_host and ("%s %s"):format(item[1], deal and deal.host or "?")
          or item[1] }
    end
  end
  if #list == 0 and #found == 0 then
    found:add(1002, { message = "modes names no mode", object = "modes", field = "modes",
      fix = "modes = { home = \"CHN\", host = \"ETH\", \"export\", \"fdi\" }" })
  end
  return list
end

local function is_wanted(s, name)
  if not s.modes then return true end
  for _, one in ipairs(s.modes) do
    if one == name then return true end
  end
  return false
end

--- Gives every stage that may move the options of all modes that a chain may choose from.
---@param chain table  the inside of a chain, as far as it is read
---@param given table  the field modes
---@param groups any   the field colocate
---@param found cm.Findings
function modes.attach(chain, given, groups, found)
  local choices = read_choices(chain, given, found)
  if #found > 0 then return end
  local final = final_block(chain, groups)
  chain.modes = { per = given.per or "chain" }
  for _, s in ipairs(chain.list) do
    for _, name in ipairs(s.modes or {}) do mode_of(name) end
    local options = {}
    for c, choice in ipairs(s.movable ~= false and choices or {}) do
      if is_wanted(s, choice.name) then
        for _, option in ipairs(ways_of(choice.name, choice.mode, choice.deal, s, final, found)) do
          option.config, option.label = c, choice.label
          options[#options + 1] = option
        end
      end
    end
    if #options > 0 then
      stage.set_options(s, options, found)
      if #found == 0 then stage.check_adds(s, s.adds, found) end
    elseif s.movable == false and not s.at then
      found:add(1002, { message = ("stage '%s' may not move, and has no place"):format(s.name),
        object = ("stage '%s'"):format(s.name), field = "at", fix = "at: where it is" })
    elseif s.movable ~= false and #found == 0 then
      found:add(2069, { message = ("stage '%s': none of its modes is among those of the chain")
        :format(s.name), object = ("stage '%s'"):format(s.name), field = "modes",
        fix = "modes = { \"export\", \"fdi\" } of the stage names some of the chain's" })
    end
  end
end

--- The ways in which the stages of a chain may be done, as modes have given them.
---@param chain table
---@return table[] rows  { stage, mode, at, by, owners, royalty, learns }
function modes.rows(chain)
  local rows = {}
  for _, s in ipairs(chain.list) do
    local settled = s.terms and { { at = s.at[1], terms = s.terms, label = s.terms.name,
      by = stage.party_text(stage.party(s, (s.by or s.at)[1])) } }
    for _, way in ipairs(s.ways or settled or {}) do
      local t = way.terms or {}
      rows[#rows + 1] = { stage = s.name, mode = way.label, at = way.at, by = way.by,
        owners = t.owners and stage.party_text(t.owners) or way.by,
        royalty = t.royalty and t.royalty.rate, learns = t.learns }
    end
  end
  return rows
end

return modes
