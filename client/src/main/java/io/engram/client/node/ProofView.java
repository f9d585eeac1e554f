package io.engram.client.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.light.LightProof;
import io.engram.client.light.LightProofCodec;
import io.engram.client.light.TensorChunk;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RpcHex;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockCodec;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.rlp.RlpException;
import io.engram.inference.commitment.InferenceRoot;
import io.engram.inference.commitment.MerkleProof;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** A proof for people and contracts, and as one piece for light clients. */
final class ProofView {

    private ProofView() {}

    /** @param complete whether the proof leads all the way from genesis */
    static ObjectNode of(Hash block, LightProof proof, boolean complete) {
        ObjectNode json = Json.object();
        json.set("blockHash", RpcHex.data(block));
        json.set("header", RpcHex.data(BlockCodec.encodeHeader(proof.header())));
        json.set("seals", Json.array(seals(proof.header()), RpcHex::data));
        json.set("inferenceRoot", RpcHex.data(inferenceRoot(proof)));
        json.set("receipt", leaf(Bytes.wrap(proof.receipt().toBytes()), proof.receiptPath()));
        json.set("stepsRoot", RpcHex.data(proof.receipt().stepsRoot()));
        json.set("step", leaf(Bytes.wrap(proof.step().toBytes()), proof.stepPath()));
        json.set("chunks", Json.array(proof.chunks(), ProofView::chunk));
        json.set("trail", Json.array(proof.trail(), header -> RpcHex.quantity(header.number())));
        json.set(
                "proof",
                Json.orNull(complete ? Optional.of(LightProofCodec.encode(proof)) : Optional.empty(), RpcHex::data));
        return json;
    }

    private static Hash inferenceRoot(LightProof proof) {
        MerkleProof path = proof.receiptPath();
        return path.top(proof.receipt().toBytes())
                .map(top -> InferenceRoot.of(path.size(), top))
                .orElseThrow();
    }

    private static List<Bytes> seals(BlockHeader header) {
        try {
            return QbftExtraDataCodec.decode(header.extraData()).seals();
        } catch (RlpException e) {
            return List.of();
        }
    }

    private static ObjectNode leaf(Bytes data, MerkleProof proof) {
        ObjectNode json = Json.object();
        json.set("data", RpcHex.data(data));
        json.set("index", RpcHex.quantity(proof.index()));
        json.set("size", RpcHex.quantity(proof.size()));
        json.set("path", Json.array(proof.path(), RpcHex::data));
        return json;
    }

    private static JsonNode chunk(TensorChunk chunk) {
        ObjectNode json = Json.object();
        json.put("side", chunk.side().name().toLowerCase(Locale.ROOT));
        json.set("position", RpcHex.quantity(chunk.position()));
        json.put("type", chunk.type().name().toLowerCase(Locale.ROOT));
        json.set("typeCode", RpcHex.quantity(chunk.type().code()));
        json.set("shape", shape(chunk));
        json.set("chunk", RpcHex.quantity(chunk.chunk()));
        json.set("data", RpcHex.data(chunk.data()));
        json.set("path", Json.array(chunk.path(), RpcHex::data));
        return json;
    }

    private static JsonNode shape(TensorChunk chunk) {
        List<Integer> dimensions =
                Arrays.stream(chunk.shape().toArray()).boxed().toList();
        return Json.array(dimensions, RpcHex::quantity);
    }
}
