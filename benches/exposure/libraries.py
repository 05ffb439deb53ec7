"""The same questions to scipy, igraph, rustworkx and networkx, and whether the answers are equal.

Reads a folder written by komainu-exposure-bench and prints a table in Markdown. Long work is done in part and scaled;
the table says so. Usage: libraries.py FOLDER [seconds that one library may take for one question, 60]
"""

import json
import sys
import time

import igraph
import networkx
import numpy
import rustworkx
import scipy.sparse
from scipy.sparse import csgraph

folder = sys.argv[1]
patience = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
answer = json.load(open(f"{folder}/answer.json"))
read = lambda name: numpy.fromfile(f"{folder}/{name}", dtype="<u4")
tail, head, cost = read("from.u32"), read("to.u32"), read("cost.u32")
n, m = answer["states"], len(tail)
entries, goals, budget = answer["entries"], answer["goals"], answer["budget"]
ours, bare = answer["seconds"], answer["bare"]
rows = []


def row(what, library, seconds, part, equal):
    rows.append((what, library, seconds / part, part, equal))
    print(f"  {what}: {library} {seconds / part:.3f} s{'' if part == 1 else f' (scaled from {part:.4f})'} equal={equal}", file=sys.stderr)


def timed(work):
    # The processor's seconds, as the engine's: on a busy machine too they say what the work costs.
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


# Of parallel lines the cheapest counts; scipy would add them up.
order = numpy.lexsort((cost, head, tail))
first = numpy.ones(m, dtype=bool)
first[1:] = (tail[order][1:] != tail[order][:-1]) | (head[order][1:] != head[order][:-1])
keep = order[first]
matrix = scipy.sparse.csr_matrix((cost[keep].astype(float), (tail[keep], head[keep])), shape=(n, n))
ig = igraph.Graph(n=n, edges=numpy.column_stack((tail, head)).tolist(), directed=True)
ig.es["cost"] = cost.astype(float).tolist()
rx = rustworkx.PyDiGraph(multigraph=True)
rx.add_nodes_from(range(n))
rx.add_edges_from(list(zip(tail.tolist(), head.tolist(), cost.astype(float).tolist())))
small = m <= 20_000
if small:
    nx = networkx.DiGraph()
    nx.add_nodes_from(range(n))
    nx.add_weighted_edges_from(zip(tail[keep].tolist(), head[keep].tolist(), cost[keep].tolist()))


def in_parts(what, library, count, part_of, check):
    """Works on growing parts until patience ends; part_of(lo, hi) answers for some of the `count` starts."""
    done, spent, found, size = 0, 0.0, [], 16
    while done < count and spent < patience:
        hi = min(done + size, count)
        seconds, some = timed(lambda: part_of(done, hi))
        found.extend(some)
        spent += seconds
        done, size = hi, size * 2 if spent < patience / 4 else size
    row(what, library, spent, done / count, bool(numpy.array_equal(numpy.array(found), check[:done])))


# ---- most likely paths ---------------------------------------------------------------------------------------------
expected = numpy.array([numpy.inf if c >= 2**63 else c for c in answer["costs"]]).reshape(len(entries), len(goals))


def scipy_paths():
    distance, before = csgraph.dijkstra(matrix, indices=entries, return_predecessors=True)
    return distance[:, goals]


seconds, found = timed(scipy_paths)
row("paths", "scipy", seconds, 1, bool(numpy.array_equal(found, expected)))


def igraph_paths():
    # Paths, as ours: their costs are added up for comparing outside the clock.
    return [ig.get_shortest_paths(entry, to=goals, weights="cost", output="epath") for entry in entries]


seconds, found = timed(igraph_paths)
weights = cost.astype(float)
total = lambda entry, goal, path: weights[path].sum() if path or entry == goal else numpy.inf
costs = numpy.array([[total(e, g, p) for g, p in zip(goals, paths)] for e, paths in zip(entries, found)])
row("paths", "igraph", seconds, 1, bool(numpy.array_equal(costs, expected)))


def rustworkx_paths():
    lengths = []
    for entry in entries:
        known = rustworkx.dijkstra_shortest_path_lengths(rx, entry, float)
        lengths.append([0.0 if goal == entry else known[goal] if goal in known else numpy.inf for goal in goals])
    return numpy.array(lengths)


seconds, found = timed(rustworkx_paths)
row("paths", "rustworkx", seconds, 1, bool(numpy.array_equal(found, expected)))
if small:
    def networkx_paths():
        known = [networkx.single_source_dijkstra(nx, entry)[0] for entry in entries]
        return numpy.array([[float(lengths.get(goal, numpy.inf)) for goal in goals] for lengths in known])

    seconds, found = timed(networkx_paths)
    row("paths", "networkx", seconds, 1, bool(numpy.array_equal(found, expected)))

# ---- blast radius --------------------------------------------------------------------------------------------------
blast = read("blast.u32")
in_parts("blast radius", "scipy", n, lambda lo, hi: [
    len(csgraph.breadth_first_order(matrix, at, return_predecessors=False)) for at in range(lo, hi)], blast)
in_parts("blast radius", "igraph", n, lambda lo, hi: ig.neighborhood_size(list(range(lo, hi)), order=n, mode="out"), blast)
in_parts("blast radius", "rustworkx", n, lambda lo, hi: [len(rustworkx.descendants(rx, at)) + 1 for at in range(lo, hi)], blast)
if small:
    in_parts("blast radius", "networkx", n, lambda lo, hi: [len(networkx.descendants(nx, at)) + 1 for at in range(lo, hi)], blast)

# ---- within a budget -----------------------------------------------------------------------------------------------
near = read("within.u32")
in_parts("within a budget", "scipy", n, lambda lo, hi: numpy.isfinite(
    csgraph.dijkstra(matrix, indices=range(lo, hi), limit=float(budget))).sum(axis=1).tolist(), near)
if small:
    in_parts("within a budget", "networkx", n, lambda lo, hi: [
        len(networkx.single_source_dijkstra_path_length(nx, at, cutoff=budget)) for at in range(lo, hi)], near)
    in_parts("within a budget", "igraph", n, lambda lo, hi: (
        numpy.array(ig.distances(range(lo, hi), weights="cost")) <= budget).sum(axis=1).tolist(), near)

# ---- smallest cut --------------------------------------------------------------------------------------------------
source, sink, much = n, n + 1, 1 << 30
more_tail = numpy.concatenate((tail, numpy.full(len(set(entries)), source), numpy.array(sorted(set(goals)))))
more_head = numpy.concatenate((head, numpy.array(sorted(set(entries))), numpy.full(len(set(goals)), sink)))
rooms = numpy.concatenate((numpy.ones(m), numpy.full(len(set(entries)) + len(set(goals)), much))).astype(numpy.int32)
flow_matrix = scipy.sparse.coo_matrix((rooms, (more_tail, more_head)), shape=(n + 2, n + 2)).tocsr().astype(numpy.int32)
seconds, found = timed(lambda: csgraph.maximum_flow(flow_matrix, source, sink).flow_value)
row("smallest cut", "scipy", seconds, 1, int(found) == answer["cut"])
ig_flow = igraph.Graph(n=n + 2, edges=numpy.column_stack((more_tail, more_head)).tolist(), directed=True)
seconds, found = timed(lambda: ig_flow.mincut(source, sink, capacity=rooms.astype(float).tolist()).value)
row("smallest cut", "igraph", seconds, 1, int(found) == answer["cut"])

# ---- worlds one by one ---------------------------------------------------------------------------------------------
few, drawn = answer["few_worlds"], answer["worlds"]
bits = read("open.u32").reshape(m, few // 32)
is_open = lambda world: (bits[:, world // 32] >> (world % 32)) & 1 == 1


expected_worlds = numpy.array(answer["by_world"])


def igraph_world(world):
    one = ig.subgraph_edges(numpy.flatnonzero(is_open(world)).tolist(), delete_vertices=False)
    seen = set().union(*(one.subcomponent(entry, mode="out") for entry in set(entries)))
    return [goal in seen for goal in goals]


def scipy_world(world):
    use = is_open(world)
    one = scipy.sparse.csr_matrix((numpy.ones(use.sum(), dtype=numpy.int8), (tail[use], head[use])), shape=(n, n))
    seen = set()
    for entry in set(entries):
        if entry not in seen:
            seen.update(csgraph.breadth_first_order(one, entry, return_predecessors=False).tolist())
    return [goal in seen for goal in goals]


for library, work in (("igraph", igraph_world), ("scipy", scipy_world)):
    spent, found = 0.0, []
    while len(found) < few and spent < patience:
        seconds, hits = timed(lambda: work(len(found)))
        found.append(hits)
        spent += seconds
    equal = bool(numpy.array_equal(numpy.array(found, dtype=int), expected_worlds[: len(found)]))
    row("10,000 worlds", library, spent, len(found) / drawn, equal)

# ---- next best fix ---------------------------------------------------------------------------------------------------
if fix := answer.get("next"):
    fix_tail, fix_head = read("fix_from.u32"), read("fix_to.u32")
    choices = len(fix["best"]) + 1
    fix_bits = read("fix_open.u32").reshape(choices, len(fix_tail), fix["worlds"] // 32)
    steps = igraph.Graph(n=fix["states"], edges=numpy.column_stack((fix_tail, fix_head)).tolist(), directed=True)

    def igraph_fixes():
        harm = []
        for choice in range(choices):
            total = 0.0
            for world in range(fix["worlds"]):
                use = (fix_bits[choice, :, world // 32] >> (world % 32)) & 1 == 1
                one = steps.subgraph_edges(numpy.flatnonzero(use).tolist(), delete_vertices=False)
                # One search from all starts at once, by a thing before them.
                before = one.add_vertex().index
                one.add_edges([(before, start) for start in fix["starts"]])
                seen = set(one.subcomponent(before, mode="out"))
                total += sum(weight for goal, weight in zip(fix["goals"], fix["weights"]) if goal in seen)
            harm.append(total / fix["worlds"])
        return [harm[0] - after for after in harm[1:]]

    seconds, found = timed(igraph_fixes)
    same = bool(numpy.allclose(found, fix["gains"], atol=1e-4))
    rows.append((f"next best of {fix['fixes']:,} fixes, {fix['worlds']} worlds; the library judges {choices - 1}", "igraph", seconds, 1, same))
    ours["next"], bare["next"] = fix["seconds"], None
    print(f"  next best fix: igraph {seconds:.1f} s, engine {fix['seconds']:.3f} s, equal={same}: {fix['best'][0]}", file=sys.stderr)

# ---- table ---------------------------------------------------------------------------------------------------------
keys = {"paths": "paths", "blast radius": "blast", "within a budget": "within", "smallest cut": "cut", "10,000 worlds": "sample"}
print(f"\n{m:,} connections, {n:,} things, seed {answer['seed']}; mean blast radius {answer['mean_blast']:.0f}, "
      f"within a chance of {answer['least']} {answer['mean_within']:.0f}; peak memory of the bench {answer['peak_mb']} MB\n")
print("| question | engine, s | bare program, s | engine ÷ bare | library | library, s | library ÷ engine | equal |")
print("| --- | --: | --: | --: | --- | --: | --: | --- |")
for what, library, seconds, part, equal in rows:
    key = keys.get(what, "next")
    scaled = "" if part == 1 else f" (from {100 * part:.2g} %)"
    print(f"| {what} | {ours[key]:.4f} | {f'{bare[key]:.4f} | {ours[key] / bare[key]:.2f}' if bare[key] else '– | –'} | {library} | {seconds:.3f}{scaled} | "
          f"{seconds / ours[key]:.0f} × | {'yes' if equal else 'NO'} |")
sys.exit(0 if all(row[4] for row in rows) else 1)
