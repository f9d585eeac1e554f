package io.engram.client.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.divergence.Divergence;
import io.engram.client.divergence.DivergenceLog;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RpcHex;
import io.engram.client.rpc.RpcRegistry;

/** {@code inference_getDivergences}. */
final class DivergenceView {

    private DivergenceView() {}

    static void register(RpcRegistry registry, DivergenceLog log) {
        registry.cheap("inference_getDivergences", _ -> Json.array(log.latest(), DivergenceView::of));
    }

    private static JsonNode of(Divergence divergence) {
        ObjectNode json = Json.object();
        json.set("blockNumber", RpcHex.quantity(divergence.blockNumber()));
        json.set("blockHash", RpcHex.data(divergence.block()));
        json.set("proposer", RpcHex.data(divergence.proposer()));
        json.put(
                "verdict",
                switch (divergence.verdict()) {
                    case PROPOSER -> "proposer";
                    case THIS_NODE -> "thisNode";
                });
        json.put("backend", divergence.backend());
        json.set("place", Json.orNull(divergence.place(), DivergenceView::of));
        json.put("detail", divergence.detail());
        return json;
    }

    private static JsonNode of(Divergence.Place place) {
        ObjectNode json = Json.object();
        json.set("inference", RpcHex.quantity(place.inference()));
        json.set("modelId", RpcHex.data(place.modelId()));
        json.set("step", RpcHex.quantity(place.step()));
        json.put("operator", place.operator());
        json.set("claimed", RpcHex.data(place.claimed()));
        json.set("recomputed", RpcHex.data(place.recomputed()));
        return json;
    }
}
