---@meta capmod.core
--- The graph of a chain as capmod.core holds it. For editors and the reference; nothing here runs.
--- Stages, arcs and joins are counted from 1; lists have a place for each stage, or each arc.

---@class capmod.Graph
local Graph = {}

--- The graph whose stages are blocks of this one's. CM1303.
---@param block integer[]  of each stage
---@param blocks integer
---@return capmod.Graph
function Graph:contract(block, blocks) end

--- The stages, inputs before users; nil where there is a circle.
---@return integer[]?
function Graph:order() end

--- The stages of a circle along the arcs; nil where there is none.
---@return integer[]?
function Graph:circle() end

--- The arcs as they were given, or as contraction left them.
---@return integer[] from, integer[] to, number[] quantities
function Graph:arcs() end

--- The most arcs on a way from a first stage. CM1301 a circle.
---@return integer[]
function Graph:levels() end

--- How often each stage is made where `wanted` units of each leave. CM1301, CM1304.
---@param wanted number[]
---@return number[]
function Graph:quantities(wanted) end

--- All as early as it can be. CM1301, CM1304.
---@param times number[]  of each stage
---@param delays? number[]  on each arc
---@return number length, integer[] path, number[] starts, number[] slack
function Graph:schedule(times, delays) end

--- The stages given, and what they need ("up") or what needs them ("down").
---@param way "up"|"down"
---@param stages integer[]
---@return integer[]
function Graph:reach(way, stages) end

--- How many last stages each goes into. CM1301.
---@return integer[]
function Graph:serves() end

--- The part of each stage, and how many parts there are.
---@return integer[] part, integer count
function Graph:parts() end

--- Into how many pieces its part falls without each stage; the arcs that are bridges.
---@return integer[] pieces, integer[] bridges
function Graph:joints() end

--- The stages through which every way from a first to a last stage passes. CM1301.
---@return integer[]
function Graph:gates() end

--- The cheapest stages without which no way leads from `from` to `to`; math.huge and none where
--- there is no cut. CM1301 a weight below 0.
---@param from integer[]
---@param to integer[]
---@param weights? number[]  of each stage; 1 if absent
---@return number value, integer[] stages
function Graph:cut(from, to, weights) end

--- Bounds of the treewidth, and the better elimination order. CM6002, CM6003.
---@return integer lower, integer min_degree, integer min_fill, integer[] order
function Graph:width() end

---@class capmod.core
local core = {}

--- A graph of stages; `quantities[i]` of stage from[i] go into one of to[i]. CM1303 to CM1306.
---@param stages integer
---@param from integer[]
---@param to integer[]
---@param quantities number[]
---@return capmod.Graph
function core.graph(stages, from, to, quantities) end

--- Blocks of stages that joins a[k], b[k] put together; the joins that made one of two.
---@param stages integer
---@param a integer[]
---@param b integer[]
---@return integer[] block, integer count, integer[] merged
function core.blocks(stages, a, b) end

--- The fewest joins that lead from one stage to another; empty where none do.
---@param stages integer
---@param a integer[]
---@param b integer[]
---@param one integer
---@param other integer
---@return integer[]
function core.joined(stages, a, b, one, other) end
