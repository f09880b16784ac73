--- One stage of a chain: what an author may write in it, brought to one form.
---
--- A stage read has `name`, `at` and `by` (places, see below), `adds` (a figure,
--- see below), `uses` and `buys` (lists of { name, quantity }), and the other fields as given.
---
--- Places: { "KOR" } settled; { "CHN", "ETH", open = true } candidates;
--- { "SGP", "TWN", share = { SGP = 0.5, TWN = 0.5 } } shares. A candidate of `by` may be a joint
--- venture, which stands as "CHN 60% + ETH 40%", with its shares in `joint` under that label.

local args = require "capmod.args"
local codes = require "capmod.codes"
local combine = require "capmod.chain.combine"
local each = require "capmod.each"
local errors = require "capmod.errors"

local stage = {}

--- What a stage's value is made of, and with whom it stays: wages and tax with
--- the place where the work is done, profit and depreciation with the operator.
stage.components = { capital = "owner", depreciation = "owner", profit = "owner",
  subsidy = "place", tax = "place", wages = "place" }

local component_names = { "wages", "profit", "tax", "depreciation", "capital", "subsidy" }

stage.fields = {
  at = { "string", "table", about = "where: a place, a list of candidates, or shares" },
  by = { "string", "table", about = "who: a country, a list of candidates, or shares of equity" },
  adds = { "number", "table", "function", about = "value added for one unit of the stage" },
  labour = { "number", "table", about = "work for one unit, by skill: { skilled = 2 }" },
  capital = { "number", about = "what capital costs for one unit; its owner's" },
  materials = { "number", about = "bought in for one unit, not value added" },
  profit = { "number", about = "what the operator earns on one unit" },
  tier = { "number", about = "technology tier that the operator needs" },
  class = { "string", about = "of set-up, scale and learning; the stage's own name" },
  duty_class = { "string", about = "under which tariffs name what it makes" },
  modes = { "list", about = "which of the chain's modes it may take: { \"export\", \"fdi\" }" },
  mode = { "table", about = "the terms on which it is done, as chain:as gives them" },
  recipes = { "table", about = "ways to cut it: { whole = {}, parts = { stages = {} } }" },
  recipe = { "string", about = "which of them it is made by" },
  interface = { "number", about = "what each border or firm costs that what it makes crosses" },
  options = { "list", about = "ways to do it, instead of at and by: { { at =, by =, mode = } }" },
  uses = { "string", "table", about = "other stages: { \"design\", tyre = 4 }" },
  combine = { "string", "table", about = "of own work and inputs: \"sum\" or cm.ces{}" },
  intensity = { "number", about = "how many times its own work is what is stated; 1" },
  buys = { "table", about = "value bought in from a table's sectors: { [\"KOR.C24\"] = 12 }" },
  sector = { "string", about = "the industry: \"C29\"" },
  capacity = { "number", about = "units that can be made" },
  movable = { "boolean", about = "whether the stage may be placed elsewhere" },
  lead_time = { "number", about = "days from the start of the stage to its end" },
  demand = { "number", about = "how many leave the chain; 1 of a stage that nobody uses" },
  note = { "string" },
}

--- A figure as messages write it.
---@param x number
---@return string
function stage.figure_text(x)
  return ("%.10g"):format(x)
end

--- "USA", "CHN or BRA", "SGP 50%, TWN 50%".
---@param places? table
---@return string?
function stage.places_text(places)
  if not places then return nil end
  if places.open then return table.concat(places, " or ") end
  if #places == 1 then return places[1] end
  local texts = {}
  for i, code in ipairs(places) do
    texts[i] = ("%s %g%%"):format(code, 100 * places.share[code])
  end
  return table.concat(texts, ", ")
end

local function is_quantity(x)
  return type(x) == "number" and x >= 0 and x < math.huge
end

--- The canonical code of a place. A name in parentheses, "(worldwide)", is no
--- country: it stands and prints as it is.
---@param text any
---@param found cm.Findings
---@param object string
---@param field string
---@return string?
function stage.place(text, found, object, field)
  if type(text) == "string" and text:match "^%(.+%)$" then return text end
  local ok, code = pcall(codes.country, text)
  if ok then return code end
  if not errors.is(code) or errors.ends(code) then error(code, 0) end
  code.object, code.field = object, field
  code.message = ("%s: %s: %s"):format(object, field, code.message)
  found[#found + 1] = code
end

--- Adds a place to a list; `seen`: those that it has.
local function add_place(places, code, seen, found, object, field)
  if seen[code] then
    found:add(2004, {
      message = ("%s: %s names %s twice"):format(object, field, code), object = object,
      field = field, fix = "name each place once",
    })
    return
  end
  places[#places + 1], seen[code] = code, true
end

local function read_shares(given, found, object, field)
  local places, total, seen = { share = {} }, 0, {}
  for name, share in each(given) do
    local code = stage.place(name, found, object, field)
    if not is_quantity(share) then
      found:add(2005, {
        message = ("%s: the share of %s in %s is %s, not a number from 0 to 1"):format(object,
          tostring(name), field, tostring(share)), object = object, field = field,
        fix = ("%s = { SGP = 0.5, TWN = 0.5 }"):format(field),
      })
      return nil
    end
    if code then
      add_place(places, code, seen, found, object, field)
      places.share[code] = share
    end
    total = total + share
  end
  if math.abs(total - 1) > 1e-9 then
    found:add(2004, {
      message = ("%s: the shares in %s sum to %s, not 1"):format(object, field,
        stage.figure_text(total)), object = object, field = field, value = total,
      fix = ("fractions: %s = { SGP = 0.5, TWN = 0.5 } for half in each"):format(field),
    })
  end
  return places
end

--- "CHN 60% + ETH 40%": a joint venture as a candidate.
local function joint_label(shares)
  local texts = {}
  for i, code in ipairs(shares) do
    texts[i] = ("%s %g%%"):format(code, 100 * shares.share[code])
  end
  return table.concat(texts, " + ")
end

--- What a list of candidates cannot hold: a place that is a table, partners without shares.
local function refuse_candidate(found, object, field)
  found:add(2004, { object = object, field = field,
    message = field == "by" and ("%s: partners of a joint venture in by have no shares"):format(
      object) or ("%s: a candidate of %s is a table; candidates are places"):format(object, field),
    fix = field == "by" and "by = { \"CHN\", { CHN = 0.6, ETH = 0.4 } }"
      or "shares are settled, at = { SGP = 0.5, TWN = 0.5 }; to choose, a stage for each place" })
end

--- What stands by name beside a list of candidates would be lost.
local function refuse_mixed(given, found, object, field)
  for name, share in each(given) do
    if type(name) ~= "number" then
      found:add(2004, { message = ("%s: %s is a list of candidates, and has %s = %s beside it")
        :format(object, field, tostring(name), tostring(share)), object = object, field = field,
        fix = ("candidates: %s = { \"CHN\", \"ETH\" }; shares: { CHN = 0.5, ETH = 0.5 }"):format(
          field) })
    end
  end
end

local function add_candidate(places, given, seen, found, object, field)
  if type(given) == "table" and (field ~= "by" or given[1] ~= nil) then
    return refuse_candidate(found, object, field)
  end
  if type(given) ~= "table" then
    local code = stage.place(given, found, object, field)
    if code then add_place(places, code, seen, found, object, field) end
    return
  end
  local shares = read_shares(given, found, object, field)
  if not shares then return end
  local label = joint_label(shares)
  places.joint = places.joint or {}
  places.joint[label] = shares
  add_place(places, label, seen, found, object, field)
end

local function read_places(given, found, object, field)
  if given == nil then return nil end
  if type(given) == "string" then given = { given } end
  if next(given) == nil then
    found:add(1002, {
      message = ("%s: %s names no place"):format(object, field), object = object, field = field,
      fix = ("%s = \"CHN\", or candidates: { \"CHN\", \"ETH\" }"):format(field),
    })
    return nil
  end
  if given[1] == nil then return read_shares(given, found, object, field) end
  if #given == 1 and type(given[1]) == "table" and field == "by" then
    return read_shares(given[1], found, object, field)
  end
  refuse_mixed(given, found, object, field)
  local places, seen = {}, {}
  for _, name in ipairs(given) do add_candidate(places, name, seen, found, object, field) end
  places.open = #places > 1 or nil
  return places
end

--- Who operates or owns: a code, or shares. nil, and a finding, where it is neither.
---@param given string|table
---@param found cm.Findings
---@param object string
---@param field string
---@return table? party  { "CHN", share = { CHN = 1 } }
function stage.read_party(given, found, object, field)
  if type(given) == "table" then return read_shares(given, found, object, field) end
  local code = stage.place(given, found, object, field)
  return code and { code, share = { [code] = 1 } }
end

local OPTION = {
  at = { "string", required = true, about = "where" },
  by = { "string", "table", required = true, about = "who: a country, or shares of equity" },
  mode = { "table", about = "terms, as a mode gives them" },
  label = { "string", about = "how plans call it" }, config = { "integer" },
}

local function once(list, code)
  for _, known in ipairs(list) do
    if known == code then return end
  end
  list[#list + 1] = code
end

--- Replaces where and by whom a stage may be by a list of ways, which `ways` holds.
---@param s table
---@param options table[]  { at =, by =, mode = }
---@param found cm.Findings
function stage.set_options(s, options, found)
  local object = ("stage '%s'"):format(s.name)
  s.at, s.by, s.ways = {}, { joint = {} }, {}
  for i, option in ipairs(options) do
    local before = #found
    args.check(("%s: option %d"):format(object, i), option, OPTION, found)
    local at = #found == before and stage.place(option.at, found, object, "options")
    local party = #found == before and stage.read_party(option.by, found, object, "options")
    local terms = option.mode and #found == before
      and require "capmod.chain.terms".mode(option.mode, object, found) or nil
    if #found == before then
      local by = stage.party_text(party)
      once(s.at, at)
      once(s.by, by)
      s.by.joint[by] = #party > 1 and party or nil
      s.ways[#s.ways + 1] = { at = at, by = by, party = party, terms = terms, raw = option.mode,
        label = option.label or terms and terms.name, config = option.config }
    end
  end
  s.at.open, s.by.open = #s.at > 1 or nil, #s.by > 1 or nil
end

--- Quantities by name: "design", { "design", tyre = 4 }, in a fixed order.
local function read_quantities(given, found, object, field)
  local list, seen = {}, {}
  if type(given) == "string" then given = { given } end
  for key, value in each(given or {}) do
    local name, quantity = key, value
    if type(key) == "number" then name, quantity = value, 1 end
    if type(name) ~= "string" or not is_quantity(quantity) then
      found:add(2005, {
        message = ("%s: %s %s of '%s'; a quantity is a number, not negative"):format(object,
          field, type(quantity) == "string" and ("'%s'"):format(quantity) or tostring(quantity),
          tostring(name)), object = object, field = field,
        fix = ("%s = { \"design\", tyre = 4 }: a name alone is one of it"):format(field),
      })
    elseif seen[name] then
      found:add(2001, {
        message = ("%s: %s names '%s' twice"):format(object, field, name), object = object,
        field = field, fix = ("say how many: %s = { [\"%s\"] = 2 }"):format(field, name),
      })
    else
      seen[name] = true
      list[#list + 1] = { name, quantity }
    end
  end
  return list
end

--- Purchases are from a sector of a country, as a table labels it: "KOR.C24".
local function read_buys(given, found, object)
  local list = read_quantities(given, found, object, "buys")
  for _, purchase in ipairs(list) do
    local country, sector = purchase[1]:match "^([^.]+)%.(.+)$"
    if country then
      local code = stage.place(country, found, object, "buys")
      purchase[1] = ("%s.%s"):format(code or country, sector)
    else
      found:add(2011, {
        message = ("%s: buys names '%s', which is not COUNTRY.SECTOR"):format(object, purchase[1]),
        object = object, field = "buys", fix = "buys = { [\"KOR.C24\"] = 12 }",
      })
    end
  end
  return list
end

--- A number or a table of components, as { total = } or { total =, parts = }.
local function read_figure(given, found, object)
  if type(given) == "number" then
    if given == given and math.abs(given) < math.huge then return { total = given } end
    found:add(2005, { object = object, field = "adds",
      message = ("%s: adds is %s, not a finite number"):format(object, tostring(given)),
      fix = "adds = 30; what cannot be done at a place is no candidate in `at`" })
    return nil
  end
  if type(given) ~= "table" then
    found:add(1003, {
      message = ("%s: adds is a %s, not a number or a table of components"):format(object,
        args.kind(given)), object = object, field = "adds",
      fix = "adds = 30, or adds = { wages = 20, profit = 10 }",
    })
    return nil
  end
  local figure = { total = 0, parts = {} }
  for name, value in each(given) do
    if not stage.components[name] then
      found:add(2007, {
        message = ("%s: '%s' in adds is neither a component nor a place of the stage"):format(
          object, tostring(name)), object = object, field = "adds",
        fix = errors.did_you_mean(name, component_names,
          "the components are " .. table.concat(component_names, ", ")),
      })
    else
      local part = read_figure(value, found, object)
      if part and part.parts then
        found:add(1003, { message = ("%s: '%s' in adds is not a number"):format(object, name),
          object = object, field = "adds", fix = ("adds = { %s = 20 }"):format(name) })
      elseif part then
        figure.parts[#figure.parts + 1] = { name, part.total }
        figure.total = figure.total + part.total
      end
    end
  end
  return figure
end

--- The figures of `adds` by place, or nil where its keys are not places.
local function by_place(given)
  local figures = {}
  for name in each(given) do
    if stage.components[name] then return nil end
    local code = stage.place(name, errors.findings(), "", "adds")
    if code then figures[code] = given[name] end
  end
  return next(figures) ~= nil and figures or nil
end

--- Whether figures by place are keyed by where the stage is or by who runs it.
local function keyed_by(figures, s, hint)
  if hint then return hint end
  local many_at, many_by = #(s.at or {}) > 1, #(s.by or {}) > 1
  if many_at ~= many_by then return many_at and "at" or "by" end
  local fits_at, fits_by = figures[s.at and s.at[1]], figures[s.by and s.by[1]]
  if fits_at and fits_by and s.at[1] ~= s.by[1] then return nil end
  return (fits_at or not fits_by) and "at" or "by"
end

--- Keyed figures are there for every place, or operator, that the stage may have. CM2008.
---@param s table
---@param adds table
---@param found cm.Findings
function stage.check_adds(s, adds, found)
  local names = s[adds.axis] or {}
  local object = ("stage '%s'"):format(s.name)
  for _, label in ipairs(adds.figures and names or {}) do
    for _, code in ipairs(names.joint and names.joint[label] or { label }) do
      if adds.figures[code] == nil then
        found:add(2008, {
          message = ("%s: adds has no figure for %s"):format(object, code), object = object,
          field = "adds", fix = ("adds = { %s = ... }"):format(code),
        })
      end
    end
  end
end

local function read_keyed(given, figures, s, hint, found, object)
  local axis = keyed_by(figures, s, hint)
  if not axis then
    found:add(2007, {
      message = ("%s: adds is keyed by place, but both at and by could be meant"):format(object),
      object = object, field = "adds", fix = "write adds as function(at, by) ... end",
    })
    return nil
  end
  local adds = { axis = axis, figures = {} }
  for name in each(given) do stage.place(name, found, object, "adds") end
  for code, figure in each(figures) do
    adds.figures[code] = read_figure(figure, found, object)
  end
  stage.check_adds(s, adds, found)
  return adds
end

local function read_adds(given, s, hint, found, object)
  if given == nil then return { total = 0 } end
  if type(given) == "function" then return { call = given } end
  if type(given) == "table" and next(given) == nil then
    found:add(1002, { message = object .. ": adds is empty", object = object, field = "adds",
      fix = "adds: " .. stage.fields.adds.about })
  end
  local figures = type(given) == "table" and by_place(given)
  if figures then return read_keyed(given, figures, s, hint, found, object) end
  return read_figure(given, found, object)
end

local function object_of(given)
  return ("stage '%s'"):format(tostring(given[1]))
end

--- Checks names and kinds of the fields. Returns whether the stage can be read,
--- and whether a field was unknown: it may be the one that seems to be missing.
local function check_fields(given, found)
  local fields = {}
  for key, value in each(given) do
    if key ~= 1 then fields[key] = value end
  end
  local before, unknown = #found, false
  args.check(object_of(given), fields, stage.fields, found)
  for i = before + 1, #found do
    if not errors.is(found[i], 1001) then return false, unknown end
    unknown = true
  end
  return true, unknown
end

--- A stage says where it is and what it adds.
local function check_missing(given, found, free)
  local needed, has_cost = {}, false
  if not given.options and not free then needed[1] = "at" end
  for _, name in ipairs{ "buys", "labour", "capital", "materials", "profit" } do
    has_cost = has_cost or given[name] ~= nil
  end
  if not has_cost then needed[#needed + 1] = "adds" end
  for _, name in ipairs(needed) do
    if given[name] == nil then
      found:add(1002, {
        message = ("%s needs the field '%s'"):format(object_of(given), name),
        object = object_of(given), field = name,
        fix = ("%s: %s"):format(name, stage.fields[name].about),
      })
    end
  end
end

local PLAIN = { "sector", "capacity", "movable", "note", "lead_time", "demand", "labour",
  "capital", "materials", "profit", "tier", "class", "duty_class", "modes", "recipe",
  "interface", "intensity" }

local function check_quantities(given, found, object)
  local function check(value, field)
    if value == nil or is_quantity(value) then return end
    found:add(2005, { message = ("%s: %s is %s; a quantity is not negative"):format(object,
      field, tostring(value)), object = object, field = field,
      fix = ("%s = 2, or 0, or leave it out"):format(field) })
  end
  for _, field in ipairs{ "capacity", "demand", "lead_time", "capital", "materials",
    "interface", "intensity" } do
    check(given[field], field)
  end
  if type(given.labour) ~= "table" then return check(given.labour, "labour") end
  for skill, amount in each(given.labour) do
    check(amount, ("labour.%s"):format(tostring(skill)))
  end
end

--- Reads one stage; what is wrong with it goes to `found`.
---@param given table      { "assembly", at =, by =, adds =, uses =, ... }
---@param hint? string     "at" or "by": how `adds` was keyed while both were open
---@param found cm.Findings
---@param free? boolean     whether the chain says where it may be: its home, or its modes
---@return table?
function stage.read(given, hint, found, free)
  local readable, unknown = check_fields(given, found)
  if not readable then return nil end
  if not unknown then check_missing(given, found, free) end
  local object = object_of(given)
  local s = { name = given[1] }
  for _, field in ipairs(PLAIN) do s[field] = given[field] end
  s.class = s.class or s.name
  s.at = read_places(given.at, found, object, "at")
  s.by = read_places(given.by, found, object, "by")
  s.uses = read_quantities(given.uses, found, object, "uses")
  s.combine = combine.read(given.combine, s, found)
  s.buys = read_buys(given.buys, found, object)
  for _, purchase in ipairs(s.buys) do purchase[2] = purchase[2] * (s.intensity or 1) end
  check_quantities(given, found, object)
  s.terms = given.mode and require "capmod.chain.terms".mode(given.mode, object, found)
  if given.options then stage.set_options(s, given.options, found) end
  s.adds = read_adds(given.adds, s, hint, found, object)
  s.costed = given.labour ~= nil or given.capital ~= nil or given.materials ~= nil
    or given.profit ~= nil or given.mode and given.mode.royalty ~= nil or nil
  return s
end

--- What is not settled in a stage: "at", "by" or nil.
---@param s table
---@return string?
function stage.open(s)
  if s.variants then return "recipes" end
  if s.ways and #s.ways > 1 then return "options" end
  return s.at and s.at.open and "at" or s.by and s.by.open and "by" or nil
end

--- Who a label of `by` stands for: { "CHN", share = { CHN = 1 } }. Shares that are settled are one
--- joint venture, whichever of its partners is named.
---@param s table
---@param label string
---@return table
function stage.party(s, label)
  if s.by and s.by.share and not s.by.open then return s.by end
  return s.by and s.by.joint and s.by.joint[label] or { label, share = { [label] = 1 } }
end

local function adds_at(s, at, by)
  local figure = s.adds
  if figure.figures then figure = figure.figures[s.adds.axis == "at" and at or by] end
  if s.adds.call then
    local found = errors.findings()
    figure = read_figure(s.adds.call(at, by), found, ("stage '%s'"):format(s.name))
    found:raise()
  end
  return s.intensity and combine.times(figure, s.intensity) or figure
end

--- `adds` of partners together, each with its share.
local function adds_of(s, at, party)
  if #party == 1 then return adds_at(s, at, party[1]) end
  local sum, row_of = { total = 0, parts = {} }, {}
  for _, code in ipairs(party) do
    local figure, share = adds_at(s, at, code), party.share[code]
    sum.total = sum.total + share * figure.total
    for _, part in ipairs(figure.parts or { { "(not split)", figure.total } }) do
      local row = row_of[part[1]]
      if not row then
        row = { part[1], 0 }
        row_of[part[1]], sum.parts[#sum.parts + 1] = row, row
      end
      row[2] = row[2] + share * part[2]
    end
  end
  return sum
end

--- What one unit of a stage comes to at a place under a candidate of `by`: total is value added;
--- of a stage with labour, capital, materials or profit also materials and jobs (see cost.lua).
---@param s table
---@param at string
---@param by string
---@return { total: number, parts?: table, materials?: number, jobs?: table }
function stage.figure(s, at, by)
  if s.terms and s.terms.owners then by = s.by[1] end
  if s.costed then return stage.whole(s, at, stage.party(s, by), s.terms) end
  local joint = s.by and s.by.joint and s.by.joint[by]
  return joint and adds_of(s, at, joint) or adds_at(s, at, by)
end

--- The figure of a whole party on the terms of a mode, as a placement counts it.
---@param s table
---@param at string
---@param party table
---@param terms? table
---@return table
function stage.whole(s, at, party, terms)
  local figure = adds_of(s, at, party)
  if not s.costed and not (terms and terms.royalty) then return figure end
  return require "capmod.chain.cost".figure(s, at, party, figure, terms)
end

--- "CHN", or "CHN 60% + ETH 40%". The market's buyers, who are no party, are "".
---@param party table?
---@return string
function stage.party_text(party)
  if not party then return "" end
  return #party == 1 and party[1] or joint_label(party)
end

--- The pairs of place and owner of a settled stage, with their weights: its operators, or whom
--- the terms of its mode name. A stage without `by` is run by the place where it is.
---@param s table
---@return { at: string, by: string, weight: number }[]
function stage.sites(s)
  local list = {}
  for _, at in ipairs(s.at) do
    local weight = s.at.share and s.at.share[at] or 1
    local owners = s.terms and s.terms.owners or s.by
    for _, by in ipairs(owners or { at }) do
      local share = owners and owners.share and owners.share[by] or 1
      list[#list + 1] = { at = at, by = by, weight = weight * share }
    end
  end
  return list
end

return stage
