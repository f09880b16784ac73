--- The graph of a chain: which stage goes into which, and how often.

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

--- The circle at the end of a path that has come back to `name`.
local function circle_text(path, name)
  local from = 1
  while path[from] ~= name do from = from + 1 end
  return table.concat(path, " -> ", from)
end

--- Stages with inputs before their users, or nil and the first circle.
local function sorted(stages, by_name)
  local state, path, order = {}, {}, {}
  local function visit(s)
    if state[s] == "done" then return end
    path[#path + 1] = s.name
    if state[s] then return circle_text(path, s.name) end
    state[s] = "open"
    for _, use in ipairs(s.uses) do
      local circle = visit(by_name[use[1]])
      if circle then return circle end
    end
    state[s], path[#path] = "done", nil
    order[#order + 1] = s
  end
  for _, s in ipairs(stages) do
    path = {}
    local circle = visit(s)
    if circle then return nil, circle end
  end
  return order
end

local function link(stages, found)
  local by_name, clean = {}, true
  for _, s in ipairs(stages) do
    if by_name[s.name] then
      clean = false
      found:add(2001, {
        message = ("two stages are called '%s'"):format(s.name),
        object = ("stage '%s'"):format(s.name), fix = "give each stage its own name",
      })
    end
    by_name[s.name] = s
  end
  for _, s in ipairs(stages) do
    for _, use in ipairs(s.uses) do
      if not by_name[use[1]] then
        clean = graph.find(stages, use[1], found, ("stage '%s'"):format(s.name), "uses")
      end
    end
  end
  return clean and by_name
end

--- Sets `per_unit` of every stage: how many of it are in one unit of the
--- product, through the whole graph. A stage that nobody uses goes into the
--- product itself, once.
---@param stages table[]
---@param found cm.Findings
---@param object string  the chain, as messages name it
---@return boolean whether the graph is sound
function graph.count(stages, found, object)
  local by_name = link(stages, found)
  if not by_name then return false end
  local order, circle = sorted(stages, by_name)
  if not order then
    found:add(2003, {
      message = ("%s: the stages use each other in a circle: %s"):format(object, circle),
      object = object, field = "uses", fix = "take one of these uses away",
    })
    return false
  end
  local used = {}
  for _, s in ipairs(stages) do
    for _, use in ipairs(s.uses) do used[use[1]] = true end
  end
  for _, s in ipairs(stages) do s.per_unit = used[s.name] and 0 or 1 end
  for i = #order, 1, -1 do
    for _, use in ipairs(order[i].uses) do
      local input = by_name[use[1]]
      input.per_unit = input.per_unit + order[i].per_unit * use[2]
    end
  end
  return true
end

return graph
