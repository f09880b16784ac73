--- What a drawing of a chain shows, before any language of drawings: stages with their figures,
--- links with their width, frames around what is in one place or may not be parted.

local blocks = require "capmod.chain.blocks"
local codes = require "capmod.codes"
local stage = require "capmod.chain.stage"
local text = require "capmod.text"

local sketch = {}

---@class cm.Sketch
---@field title string
---@field legend string[]
---@field nodes { name: string, lines: string[] }[]  a stage each, in the chain's order
---@field links { from: integer, to: integer, width: number, label: string?, kind: string }[]
---@field near { from: integer, to: integer, label: string }[]  what near-by rules bind
---@field frames cm.SketchFrame[]
---@field loose integer[]  nodes in no frame

---@class cm.SketchFrame
---@field kind "place"|"block"
---@field label string
---@field nodes integer[]
---@field frames cm.SketchFrame[]  blocks within a place

local WIDEST = 5 -- what the widest link has beyond the narrowest

local KINDS = {
  traded = "border", ["partly traded"] = "border", ["may be traded"] = "open", bound = "bound",
}
local LEGEND = {
  { "border", "orange: crosses a border" }, { "open", "dashed: may be traded" },
  { "bound", "black: may not be parted" },
}

-- ---- stages and links ---------------------------------------------------------------------------

local function nodes_of(g)
  local nodes, values = {}, {}
  for i, s in ipairs(g.chain.list) do values[i] = s.per_unit * g.own[i] end
  local style = text.number_style(values, g.n)
  for i, s in ipairs(g.chain.list) do
    local lines = { text.number(values[i], style) }
    local at, by = stage.places_text(s.at), stage.places_text(s.by)
    if s.at and #s.at > 1 then lines[#lines + 1] = at end
    if by and by ~= at then lines[#lines + 1] = "by " .. by end
    nodes[i] = { name = s.name, lines = lines }
  end
  return nodes
end

local function links_of(g, of_stage)
  local links, values, most, seen = {}, {}, 0, {}
  for k, i in ipairs(g.from) do
    values[k] = g.quantity[k] * g.chain.list[g.to[k]].per_unit * g.worth[i]
    most = math.max(most, values[k])
  end
  for k, i in ipairs(g.from) do
    local kind = KINDS[blocks.trade(g, of_stage, k)] or "home"
    seen[kind] = true
    links[k] = { from = i, to = g.to[k], kind = kind,
      width = 1 + (most > 0 and math.max(0, values[k]) / most * WIDEST or 0),
      label = g.quantity[k] ~= 1 and ("%.6g×"):format(g.quantity[k]) or nil }
  end
  return links, seen
end

--- The stages of each near-by rule, each with the next.
local function near_of(g)
  local list = {}
  for _, rule in ipairs(g.chain.nearby) do
    for k = 2, #rule do
      list[#list + 1] = { from = g.place[rule[k - 1]], to = g.place[rule[k]], label = rule.label }
    end
  end
  return list
end

-- ---- frames -------------------------------------------------------------------------------------

local function place_label(code)
  if not blocks.is_stated(code) then return code end
  local name = codes.name(code)
  return name ~= code and ("%s %s"):format(code, name) or code
end

local function block_label(block)
  local lines, places = { table.concat(block.why, "; ") }, block.places
  if places and #places == 0 then
    lines[2] = "no place in common"
  elseif places and #places > 1 then
    lines[2] = "all at " .. table.concat(places, " or ")
  end
  return table.concat(lines, "\n")
end

--- The frame of each place, in the order in which places come; none where the chain states none.
local function placer(frames)
  local at = {}
  return function(places)
    local code = places and #places == 1 and places[1]
    if not code or code == "(not stated)" then return nil end
    if not at[code] then
      at[code] = { kind = "place", label = place_label(code), nodes = {}, frames = {} }
      frames[#frames + 1] = at[code]
    end
    return at[code]
  end
end

local function frames_of(list)
  local frames, loose = {}, {}
  local place = placer(frames)
  for _, block in ipairs(list) do
    local around = place(block.places)
    if #block.members > 1 then
      local frame = { kind = "block", label = block_label(block), nodes = block.members,
        frames = {} }
      table.insert(around and around.frames or frames, frame)
    else
      table.insert(around and around.nodes or loose, block.members[1])
    end
  end
  return frames, loose
end

--- The drawing of a chain.
---@param g cm.Net
---@return cm.Sketch
function sketch.of(g)
  local list, of_stage = blocks.of(g)
  local links, seen = links_of(g, of_stage)
  local frames, loose = frames_of(list)
  local unit = g.chain.unit and ("  [%s]"):format(g.chain.unit) or ""
  local legend = { "what each stage adds; arrows as wide as what they carry is worth" }
  for _, entry in ipairs(LEGEND) do
    if seen[entry[1]] then legend[1] = legend[1] .. "; " .. entry[2] end
  end
  local near = near_of(g)
  if #near > 0 then legend[1] = legend[1] .. "; dotted: a near-by rule" end
  table.move(g.notes, 1, #g.notes, 2, legend) -- how figures were taken that are not settled
  return { title = g.chain.name .. unit, legend = legend, nodes = nodes_of(g), links = links,
    near = near, frames = frames, loose = loose }
end

return sketch
