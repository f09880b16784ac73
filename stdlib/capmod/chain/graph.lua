--- The graph of a chain: which stage goes into which, and how often.

local core = require "capmod.core"
local errors = require "capmod.errors"

local graph = {}

local function names(stages)
  local list = {}
  for i, s in ipairs(stages) do list[i] = s.name end
  return list
end

--- Looks names up, and says which are unknown. CM2002.
---@param stages table[]
---@param name string
---@param found cm.Findings
---@param object string
---@param field string
---@return table? stage
function graph.find(stages, name, found, object, field)
  for _, s in ipairs(stages) do
    if s.name == name then return s end
  end
  local known = names(stages)
  found:add(2002, {
    message = ("%s: %s names the stage '%s', which the chain does not have"):format(object,
      field, tostring(name)), object = object, field = field,
    fix = errors.did_you_mean(name, known, "the stages are " .. table.concat(known, ", ")),
  })
end

--- The place of each stage in the list, or nil where names are double or unknown.
local function link(stages, found)
  local place, clean = {}, true
  for i, s in ipairs(stages) do
    if place[s.name] then
      clean = false
      found:add(2001, {
        message = ("two stages are called '%s'"):format(s.name),
        object = ("stage '%s'"):format(s.name), fix = "give each stage its own name",
      })
    end
    place[s.name] = i
  end
  for _, s in ipairs(stages) do
    for _, use in ipairs(s.uses) do
      if not place[use[1]] then
        clean = graph.find(stages, use[1], found, ("stage '%s'"):format(s.name), "uses")
      end
    end
  end
  return clean and place or nil
end

--- The arcs of stages: from[k] goes into to[k], so many in one.
---@param stages table[]
---@param place table<string, integer>
---@return integer[] from, integer[] to, number[] quantities
function graph.arcs(stages, place)
  local from, to, quantities = {}, {}, {}
  for i, s in ipairs(stages) do
    for _, use in ipairs(s.uses) do
      local k = #from + 1
      from[k], to[k], quantities[k] = place[use[1]], i, use[2]
    end
  end
  return from, to, quantities
end

--- A circle in words, each stage using the next, from the stage that was written first.
local function circle_text(stages, circle)
  local n, first, texts = #circle, 1, {}
  for k = 2, n do
    if circle[k] < circle[first] then first = k end
  end
  for k = 0, n do texts[k + 1] = stages[circle[(first - 1 - k) % n + 1]].name end
  return table.concat(texts, " -> ")
end

--- How many of each stage leave the chain in one unit of its product: what `demand` says, else one
--- of a stage that nobody uses.
local function wanted(stages, from)
  local list = {}
  for i, s in ipairs(stages) do list[i] = s.demand or 1 end
  for _, i in ipairs(from) do list[i] = stages[i].demand or 0 end
  return list
end

--- Sets `per_unit` of every stage: how many of it are in one unit of the
--- product, through the whole graph. A stage that nobody uses goes into the
--- product itself, once, or as often as its `demand` says.
---@param stages table[]
---@param found cm.Findings
---@param object string  the chain, as messages name it
---@return boolean whether the graph is sound
function graph.count(stages, found, object)
  local place = link(stages, found)
  if not place then return false end
  local from, to, quantities = graph.arcs(stages, place)
  local g = core.graph(#stages, from, to, quantities)
  local circle = g:circle()
  if circle then
    found:add(2003, {
      message = ("%s: the stages use each other in a circle: %s"):format(object,
        circle_text(stages, circle)),
      object = object, field = "uses", fix = "take one of these uses away",
    })
    return false
  end
  for i, made in ipairs(g:quantities(wanted(stages, from))) do stages[i].per_unit = made end
  return true
end

return graph
