---@meta capmod.core
--- The linear and mixed-integer programs of capmod.core: whole arrays, immutable.

---@class capmod.ProgramParts
---@field name? string
---@field maximise? boolean
---@field constant? number
---@field cols string[]         the variables' names
---@field rows string[]         the constraints' names
---@field lower? number[]       0 by default; -math.huge for none
---@field upper? number[]       none by default
---@field cost? number[]
---@field integer? boolean[]
---@field row_lower? number[]
---@field row_upper? number[]
---@field i integer[]           the row of each entry
---@field j integer[]           its column
---@field value number[]

---@class capmod.Program
local Program = {}

--- How many variables, constraints, entries and whole numbers there are.
---@return integer cols, integer rows, integer entries, integer wholes
function Program:size() end

--- Solves by Clp or CBC in a child process, by HiGHS where `solver` is "highs" or a path to it.
--- CM4101, CM4102, CM6002, CM6003.
---@param t? { time: number?, gap: number?, nodes: integer?, start: number[]?, solver: string? }
---@return capmod.Solution
function Program:solve(t) end

--- A set of limits that cannot hold together, and whether each of them is needed for that.
---@param t? { time: number?, nodes: integer? }
---@return { kind: "row_lower"|"row_upper"|"lower"|"upper"|"whole", index: integer }[] limits
---@return boolean minimal
function Program:conflict(t) end

--- The program as text in free MPS or in the LP format of CPLEX.
---@param format "mps"|"lp"
---@return string
function Program:write(format) end

---@class capmod.Solution
local Solution = {}

--- Status, objective, bound, gap and what it took.
---@return { status: string, stop: string?, objective: number?, bound: number, gap: number?,
---  violation: number?, nodes: integer, iterations: integer, solver: string }
function Solution:figures() end

--- The numbers of one kind in the order of the program, or nil where there are none.
---@param kind "values"|"activities"|"duals"|"reduced"|"ray"
---@param p capmod.Program
---@return number[]?
function Solution:part(kind, p) end

--- How far costs and sides may change while the basis stays optimal.
---@param p capmod.Program
---@return number[] cost_from, number[] cost_to, number[] side_from, number[] side_to
function Solution:range(p) end

local core = {}

--- From whole arrays. CM1303, CM1304, CM1306.
---@param t capmod.ProgramParts
---@return capmod.Program
function core.program(t) end

return core
