package io.engram.client.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.consensus.SignatureCodec;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RpcHex;
import io.engram.genesis.Address;
import io.engram.genesis.crypto.Signature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;

/** Validators' signatures as JSON-RPC shows them: {@code [{"validator","signature"}, …]}, r ‖ s ‖ v, v 0 or 1. */
final class SignatureView {

    private SignatureView() {}

    static ArrayNode of(Map<Address, Signature> known) {
        ArrayNode signatures = Json.array();
        known.forEach((validator, signature) -> {
            ObjectNode one = signatures.addObject();
            one.set("validator", RpcHex.data(validator));
            one.set("signature", RpcHex.data(SignatureCodec.encode(signature)));
        });
        return signatures;
    }

    /**
     * The signatures in a node's answer, in its order.
     *
     * @throws IOException when one is none
     */
    static List<Signature> read(JsonNode signatures) throws IOException {
        List<Signature> known = new ArrayList<>();
        for (JsonNode one : signatures) {
            known.add(SignatureCodec.decode(
                            Bytes.fromHexString(one.path("signature").asText()))
                    .orElseThrow(() -> new IOException("the node answers with what is no signature")));
        }
        return known;
    }
}
