---@meta capmod.core
--- Games as capmod.core holds them. For editors and the reference; nothing here runs. Players are
--- counted from 1; a coalition is an integer whose lowest bit stands for player 1, the next for
--- player 2. Scripts meet them through cm.cooperation.

---@class capmod.Game
local Game = {}

--- How many players there are.
---@return integer
function Game:players() end

--- What a coalition is worth.
---@param coalition integer
---@return number
function Game:worth(coalition) end

--- Whether the game is of a kind; where not, two coalitions that show it.
---@param kind "monotone"|"superadditive"|"convex"
---@return boolean is, integer? one, integer? other
function Game:is(kind) end

--- The Shapley value; with the game of the upper ends of the worths, its lower and upper ends.
---@param high? capmod.Game
---@return number[] low, number[]? high
function Game:shapley(high) end

--- What each player brings to all coalitions without it, summed: swings in a game of votes.
---@return number[]
function Game:banzhaf() end

--- The coalitions that gain most apart under a division, most first.
---@param x number[]
---@param count integer  at most so many
---@return integer[] coalitions, number[] excesses
function Game:excesses(x, count) end

--- Whether a division hands out all and no coalition does better apart.
---@param x number[]
---@return boolean
function Game:in_core(x) end

--- The least core: by how much coalitions must give way, and a division that does it.
---@return number epsilon, number[] x
function Game:least_core() end

--- The least and the most of a player in the core; where that is empty, in the least core.
---@param player integer
---@return number least, number most
function Game:core_range(player) end

--- The nucleolus, and how many linear programs it took. CM2201.
---@param kind? "nucleolus"|"prenucleolus"
---@return number[] x, integer programs
function Game:nucleolus(kind) end

--- Whether a division is the nucleolus, by Kohlberg's criterion.
---@param x number[]
---@param kind? "nucleolus"|"prenucleolus"
---@return boolean
function Game:kohlberg(x, kind) end

local core = {}

--- A game from the worths of {1}, {2}, {1,2}, {3}, ...: 2^players - 1 of them. CM1301, CM1304.
---@param players integer
---@param worths number[]
---@return capmod.Game
function core.game(players, worths) end

--- The Shapley value from drawn orders, with the error that it keeps with probability 1 - risk,
--- and whether that is proven (a range was given).
---@param players integer
---@param worth fun(coalition: integer): number
---@param how { pairs: integer, seed: integer, stream?: string, range?: number, risk: number }
---@return number[] x, number bound, boolean proven
function core.shapley_sample(players, worth, how) end

--- The Banzhaf value from coalitions drawn for each player, each with its complement; the errors
--- that values and their sum keep with probability 1 - risk, and whether they are proven.
---@param players integer
---@param worth fun(coalition: integer): number
---@param how { pairs: integer, seed: integer, stream?: string, range?: number, risk: number }
---@return number[] x, number bound, number sum_bound, boolean proven
function core.banzhaf_sample(players, worth, how) end

--- The least core by coalitions as `worst` finds them. CM4003.
---@param total number  worth of all
---@param alone number[]
---@param worst fun(x: number[]): integer, number  the coalition that gains most, and its worth
---@param rounds? integer
---@return number epsilon, number[] x, integer calls
function core.least_core(total, alone, worst, rounds) end

--- The nucleolus by coalitions as `best` finds them: of those with all players of `inside` and none
--- of `outside`, nobody and all among them, one that gains most under x, and what none of them
--- gains more than (infinity: not known). The report says how much more than its level some
--- coalition may gain that was not found: `open`. CM2201, CM4003.
---@param players integer
---@param kind "nucleolus"|"prenucleolus"
---@param worth fun(coalition: integer): number
---@param best fun(x: number[], inside: integer, outside: integer): integer, number
---@param questions integer  most that `best` is asked
---@return number[] x
---@return { programs: integer, questions: integer, coalitions: integer, open: number } report
function core.nucleolus(players, kind, worth, best, questions) end

--- Nash's division with free transfers. CM2202.
---@param total number
---@param alone number[]
---@param weights number[]
---@return number[]
function core.nash(total, alone, weights) end

--- An agreement over instruments: their settings, the payoffs, and the gap ("nash") or the ideal
--- payoffs ("kalai"; "max_min" gives neither). Matrices are lists by rows. CM2202.
---@param kind "nash"|"kalai"|"max_min"
---@param table table  lower, upper, base, alone, payoff, rule, limit, weights, gap
---@return number[] z, number[] u, number|number[]|nil gap_or_ideal
function core.bargain(kind, table) end

return core
