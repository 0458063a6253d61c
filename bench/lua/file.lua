-- POSTs of documents: bodies of folder BENCH_BODIES, each with @ID@ made new. One JSON line at the end.
local bodies, at, run = {}, 0, tostring(os.time())
local folder, count = os.getenv("BENCH_BODIES"), tonumber(os.getenv("BENCH_COUNT"))
for number = 0, count - 1 do
  local file = assert(io.open(folder .. "/" .. number .. ".json", "rb"))
  local text = file:read("*a")
  file:close()
  local first, last = string.find(text, "@ID@", 1, true)
  bodies[#bodies + 1] = { string.sub(text, 1, first - 1), string.sub(text, last + 1) }
end
local headers = { ["Content-Type"] = "application/fhir+json", ["Authorization"] = os.getenv("BENCH_TOKEN") }

function request()
  at = at + 1
  local body = bodies[at % #bodies + 1]
  return wrk.format("POST", "/fhir/DocumentReference", headers, body[1] .. run .. "." .. at .. body[2])
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'JSON{"requests":%d,"seconds":%.6f,"status":%d,"broken":%d,"p50":%.3f,"p95":%.3f,"p99":%.3f,"max":%.3f}\n',
    summary.requests, summary.duration / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
