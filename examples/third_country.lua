-- A third-country partner: a Chinese contractor and Ethiopia build a dam, and ask whether Italy or
-- Austria should join. What each is worth, and who would block. Costs are stylised.
local cm = require "capmod"

local MEMBERS = { "CHN", "ETH", "ITA", "AUT" }

local function dam(p)
  return cm.chain{
    name = "dam", unit = "USD mn", price = p.price,
    stages = {
      { "site and licence", at = "ETH", by = "ETH", adds = 120 },
      { "design and supervision", at = "ETH", by = { "CHN", "ITA", "AUT" },
        adds = { CHN = 190, ITA = p.italian, AUT = 130 } },
      { "turbines", at = "ETH", by = { "CHN", "ITA", "AUT" },
        adds = { CHN = 480, ITA = 560, AUT = p.austrian } },
      { "civil works", at = "ETH", by = { "CHN", "ITA", "ETH" },
        adds = { CHN = 900, ITA = 1150, ETH = 1250 } },
    },
  }
end

--- Without a member: what is lost, and who then does what.
local function worth_of(deal, member)
  local others, all = {}, table.concat(MEMBERS, " + ")
  for _, code in ipairs(MEMBERS) do
    if code ~= member then others[#others + 1] = code end
  end
  local list = deal:coalitions()
  return list:get{ coalition = all }.worth
    - list:get{ coalition = table.concat(others, " + ") }.worth
end

local partner = cm.scenario{
  name = "third-country partner", about = "who should join a dam in Ethiopia, and who would block",
  params = {
    price = { 2000, min = 0, unit = "USD mn", about = "what the dam is worth to its buyers" },
    italian = { 110, min = 0, unit = "USD mn", about = "Italy's design and supervision" },
    austrian = { 420, min = 0, unit = "USD mn", about = "Austria's turbines" },
  },
  run = function(p)
    local deal = cm.cooperation{ chain = dam(p), members = MEMBERS, buyer = "ETH",
      name = "a dam with partners" }
    local shapley, nucleolus = deal:divide(), deal:divide{ rule = "nucleolus" }
    local equal, range = deal:divide{ rule = "equal" }, deal:offer()
    local rows = {}
    for i, code in ipairs(MEMBERS) do
      rows[i] = { member = code, brings = worth_of(deal, code), shapley = shapley[i].gains,
        nucleolus = nucleolus[i].gains, equal = equal[i].gains, most = range[i].most }
    end
    local leaves = deal:stable{ rule = "equal" }
    return {
      worth = cm.frame{ title = "what each brings, and gets by rule", unit = "USD mn",
        keys = { "member" }, rows = rows, bar = false, cols = { { "member", kind = "country" },
          { "brings", digits = 1 }, { "shapley", digits = 1 }, { "nucleolus", digits = 1 },
          { "equal", digits = 1 }, { "most", digits = 1 } }, note = {
          "brings: what all make less what the others make without it; most: in a stable share" } },
      shares = deal:chart(), rules = deal:stable(), blocks = leaves, deal = deal:coalitions(),
      plan = dam(p):locate(),
      ita = rows[3].brings, aut = rows[4].brings, better = leaves[1].better,
      blocker = leaves[1].coalition,
    }
  end,
}

local found = partner:run()
print(found.plan)
print(found.worth)
print(found.worth:chart{ x = "member", y = { "brings", "shapley", "equal" },
  title = "what each brings and gets, USD mn" })
print(found.shares)
print(found.rules)
print(found.blocks:top(4))
return partner
