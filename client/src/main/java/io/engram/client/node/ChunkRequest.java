package io.engram.client.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.light.LightLimits;
import io.engram.client.light.TensorChunk;
import io.engram.client.rpc.RpcErrorCode;
import io.engram.client.rpc.RpcException;
import io.engram.client.rpc.RpcValues;
import io.engram.inference.commitment.Commitments;
import io.engram.inference.engine.StepVerification;
import io.engram.inference.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A piece of a step's tensor that a caller wants proven: {@code {"input": 0, "chunk": 2}} or {@code {"output": …}}. */
record ChunkRequest(TensorChunk.Side side, long position, long chunk) {

    static List<ChunkRequest> parse(Optional<JsonNode> parameter) {
        List<ChunkRequest> requests = new ArrayList<>();
        if (parameter.isEmpty()) {
            return requests;
        }
        if (!parameter.get().isArray()) {
            throw RpcException.invalidParameter("chunks", "expected an array");
        }
        if (parameter.get().size() > LightLimits.CHUNKS) {
            throw new RpcException(RpcErrorCode.LIMIT_EXCEEDED, "more than " + LightLimits.CHUNKS + " chunks");
        }
        for (JsonNode item : parameter.get()) {
            requests.add(one(item));
        }
        return requests;
    }

    private static ChunkRequest one(JsonNode item) {
        Optional<JsonNode> input = RpcValues.member(item, "input");
        Optional<JsonNode> output = RpcValues.member(item, "output");
        Optional<JsonNode> chunk = RpcValues.member(item, "chunk");
        if (input.isPresent() == output.isPresent()) {
            throw RpcException.invalidParameter("chunks", "each names an input or an output");
        }
        return new ChunkRequest(
                input.isPresent() ? TensorChunk.Side.INPUT : TensorChunk.Side.OUTPUT,
                RpcValues.lenientLong(input.or(() -> output).orElseThrow(), "chunks"),
                chunk.map(node -> RpcValues.lenientLong(node, "chunks")).orElse(0L));
    }

    static List<TensorChunk> answer(List<ChunkRequest> requests, StepVerification step) {
        return requests.stream().map(request -> request.of(step)).toList();
    }

    private TensorChunk of(StepVerification step) {
        List<Tensor> tensors = side == TensorChunk.Side.INPUT ? step.inputs() : List.of(step.output());
        if (position >= tensors.size()) {
            throw RpcException.invalidParameter("chunks", "the step has " + tensors.size() + " such tensors");
        }
        Tensor tensor = tensors.get((int) position);
        int last = (tensor.byteLength() - 1) / Commitments.TENSOR_CHUNK;
        if (chunk > last) {
            throw RpcException.invalidParameter("chunks", "the tensor has chunks 0 to " + last);
        }
        return TensorChunk.of(side, (int) position, tensor, (int) chunk);
    }
}
