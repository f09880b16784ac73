---@meta capmod.core
--- Placing a chain: which stage in which of its options. Lists are columns, indices begin at 1,
--- and 0 stands for none. See engine/include/capmod/locate.h for what is minimised.

---@class capmod.LocateParts
---@field places integer
---@field operators integer
---@field compounding? boolean   whether value compounds along the arcs
---@field maximise? boolean
---@field count integer[]        how many options each stage has; they follow one another
---@field place integer[]        of each option
---@field operator integer[]     of each option
---@field cost number[]          of each option
---@field aggregator? string[]   of each stage: sum, cobb_douglas, ces
---@field sigma? number[]        of each stage, ces
---@field arcs? { from: integer[], to: integer[], quantity: number[], weight: number[]?,
---  add: integer[]?, times: integer[]?, interface: integer[]? }  the last three of matrices
---@field place_matrices? number[][]     places x places, by rows
---@field operator_matrices? number[][]  operators x operators, by rows
---@field joins? integer[]       pairs of stages at one place
---@field ties? { from: integer[], to: integer[], pairs: integer[] }  stages, and the matrix of 0
---  and inf (barred) over their places; only where value compounds, else an arc says the same
---@field facilities? { fixed: number[], capacity: number[], parent: integer[]?, points: integer[]?,
---  volume: number[]?, cost: number[]? }  points: how many of volume and cost each facility has
---@field needs? { option: integer[], facility: integer[], volume: number[] }
---@field measures { weight: number[], lower: number[], upper: number[] }  first the objective
---@field option_entries? { measure: integer[], index: integer[], value: number[] }
---@field facility_entries? { measure: integer[], index: integer[], value: number[] }

---@class capmod.Locate
local Locate = {}

--- What a choice (an option a stage) comes to. CM1303.
---@param choice integer[]
---@return { cost: number, objective: number, violation: number, measures: number[],
---  volumes: number[], values: number[] }
function Locate:evaluate(choice) end

--- The best choice: by dynamic programming where that is exact, over a junction tree where nothing
--- but arcs, joins and ties couples stages and the graph is narrow, else by branch and bound;
--- by CBC where asked for ("program"), in tight form or compact. `exchange` gives what the root of
--- branch and bound leaves to CBC as well; not with `record`. `start` saves work; where costs
--- compound the plan is the same, also among equals, unless the search is cut short. `record` keeps
--- what proves the bound, and goes by branch and bound where a junction tree would do. CM1301,
--- `threads`: of branch and bound where costs add up and nothing is recorded; core.threads if left
--- out, else 1. CM1301, CM4101, CM4102, CM6003.
---@param t? { time: number?, gap: number?, nodes: integer?, seed: integer?,
---  threads: integer?,
---  allowed: boolean[]?, start: integer[]?,
---  method: "auto"|"dynamic"|"junction"|"branch"|"program"|nil,
---  solver: string?, form: "tight"|"compact"|nil,
---  exchange: boolean?, record: boolean? }
---@return capmod.Plan
function Locate:solve(t) end

---@class capmod.Plan
local Plan = {}

--- Status, objective, bound (`certified`: that of our own methods), gap, nodes, method; `stop`:
--- what ended the search before its end.
---@return { status: string, stop: "time"|"nodes"|"request"|"memory"|nil, objective: number?,
---  bound: number?, certified: number?, gap: number?, nodes: integer, method: string }
function Plan:figures() end

--- The option of each stage, or nil where there is no plan.
---@param p capmod.Locate
---@return integer[]?
function Plan:choice(p) end

--- What proves the bound, where a record was asked for: how many nodes branch and bound made, and
--- how its relaxation falls into parts (lists as in cm_record, engine/include/capmod/locate.h).
--- nil: there is none (dynamic programming, CBC), or it did not fit into half of the memory left.
---@return { nodes: integer, block: integer[], link: integer[], cover: integer[], size: number,
---  price: { kind: string, of: integer, stage: integer?, place: integer?,
---  operator: integer? }[] }?
function Plan:record() end

--- A node of the record, the root is 1: its first side (the other is the next node), what parts it,
--- and its bounds in the sense of minimising, with their multipliers.
---@param k integer
---@return { child: integer?, facility: integer?, stage: integer?, options: integer[],
---  rounds: { value: number, costless: boolean, multipliers: number[] }[] }
function Plan:node(k) end

local core = {}

--- From whole lists. CM1301, CM1303, CM1304.
---@param t capmod.LocateParts
---@return capmod.Locate
function core.locate(t) end

return core
