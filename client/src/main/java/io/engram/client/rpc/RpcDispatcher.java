package io.engram.client.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.evm.LocalFaultException;
import io.engram.inference.engine.CancelledException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From request bytes to answer bytes, whatever carries them (JSON-RPC 2.0). Never throws: whatever goes wrong becomes a
 * JSON-RPC error. Thread-safe.
 */
public final class RpcDispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(RpcDispatcher.class);
    private static final RpcRegistry NO_EXTRA = new RpcRegistry();

    private final RpcRegistry registry;
    private final int requestSeconds;

    public RpcDispatcher(RpcRegistry registry) {
        this(registry, RpcLimits.REQUEST_SECONDS);
    }

    /** @param requestSeconds that a request, or a batch, may run */
    public RpcDispatcher(RpcRegistry registry, int requestSeconds) {
        this.registry = registry;
        this.requestSeconds = requestSeconds;
    }

    /** A request or batch that is JSON, or the error that says why it is not. */
    public record Parsed(JsonNode body, Optional<RpcException> failure) {}

    public Parsed parse(byte[] request) {
        try {
            JsonNode body = Json.MAPPER.readTree(request);
            if (body.isMissingNode()) {
                return failed(new RpcException(RpcErrorCode.PARSE_ERROR, "Parse error: empty request"));
            }
            return new Parsed(body, Optional.empty());
        } catch (JsonProcessingException e) {
            return failed(new RpcException(RpcErrorCode.PARSE_ERROR, "Parse error: " + e.getOriginalMessage()));
        } catch (IOException e) {
            return failed(new RpcException(RpcErrorCode.PARSE_ERROR));
        }
    }

    private static Parsed failed(RpcException failure) {
        return new Parsed(Json.none(), Optional.of(failure));
    }

    /** Whether answering is cheap enough for the event loop. */
    public boolean isCheap(Parsed request, RpcRegistry extra) {
        JsonNode body = request.body();
        if (!body.isArray()) {
            return isCheap(body, extra);
        }
        if (body.size() > RpcLimits.BATCH_ON_EVENT_LOOP) {
            return body.size() > RpcLimits.BATCH;
        }
        for (JsonNode member : body) {
            if (!isCheap(member, extra)) {
                return false;
            }
        }
        return true;
    }

    private boolean isCheap(JsonNode request, RpcRegistry extra) {
        JsonNode method = request.path("method");
        return !method.isTextual()
                || find(method.textValue(), extra)
                        .map(entry -> entry.cost() == RpcMethod.Cost.CHEAP)
                        .orElse(true);
    }

    public Optional<byte[]> answer(Parsed request) {
        return answer(request, NO_EXTRA);
    }

    /**
     * Runs a request or batch; the members of a batch run in order.
     *
     * @param extra methods of this connection only; they come before the server's
     * @return empty when there is nothing to answer, as for notifications
     */
    public Optional<byte[]> answer(Parsed request, RpcRegistry extra) {
        if (request.failure().isPresent()) {
            return Optional.of(error(Json.none(), request.failure().get()));
        }
        return RequestDeadline.within(requestSeconds, () -> answerBody(request.body(), extra));
    }

    private Optional<byte[]> answerBody(JsonNode body, RpcRegistry extra) {
        if (!body.isArray()) {
            return answerOne(body, extra);
        }
        if (body.isEmpty()) {
            return Optional.of(
                    error(Json.none(), new RpcException(RpcErrorCode.INVALID_REQUEST, "Invalid request: empty batch")));
        }
        if (body.size() > RpcLimits.BATCH) {
            return Optional.of(error(
                    Json.none(),
                    new RpcException(
                            RpcErrorCode.LIMIT_EXCEEDED,
                            "batch of " + body.size() + " requests, limit " + RpcLimits.BATCH)));
        }
        return answerBatch(body, extra);
    }

    private Optional<byte[]> answerBatch(JsonNode batch, RpcRegistry extra) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256 * batch.size());
        List<byte[]> answers = new ArrayList<>(batch.size());
        long size = 0;
        for (JsonNode member : batch) {
            Optional<byte[]> answer = size > RpcLimits.RESPONSE_BYTES
                    ? Optional.of(error(
                            id(member),
                            new RpcException(
                                    RpcErrorCode.LIMIT_EXCEEDED,
                                    "batch answer exceeds " + RpcLimits.RESPONSE_BYTES + " bytes")))
                    : answerOne(member, extra);
            if (answer.isPresent()) {
                answers.add(answer.get());
                size += answer.get().length;
            }
        }
        if (answers.isEmpty()) {
            return Optional.empty();
        }
        char separator = '[';
        for (byte[] answer : answers) {
            out.write(separator);
            out.writeBytes(answer);
            separator = ',';
        }
        out.write(']');
        return Optional.of(out.toByteArray());
    }

    private Optional<byte[]> answerOne(JsonNode request, RpcRegistry extra) {
        JsonNode id = id(request);
        try {
            String method = checkedMethod(request);
            RpcParameters parameters = parameters(request);
            RpcMethod called = entry(method, extra).method();
            RequestDeadline.check();
            JsonNode result = called.call(parameters);
            return request.has("id") ? Optional.of(result(id, result)) : Optional.empty();
        } catch (RpcException e) {
            boolean notification = !request.has("id") && request.path("method").isTextual();
            return notification ? Optional.empty() : Optional.of(error(id, e));
        } catch (CancelledException e) {
            return Optional.of(error(
                    id,
                    new RpcException(
                            RpcErrorCode.REQUEST_TIMED_OUT,
                            RpcErrorCode.REQUEST_TIMED_OUT.text() + ": " + e.getMessage())));
        } catch (LocalFaultException e) {
            LOG.warn("{} cannot be answered", request.path("method"), e);
            return Optional.of(
                    error(id, new RpcException(RpcErrorCode.RESOURCE_UNAVAILABLE, "local fault: " + e.getMessage())));
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("{} failed", request.path("method"), e);
            return Optional.of(error(id, new RpcException(RpcErrorCode.INTERNAL_ERROR)));
        }
    }

    private static String checkedMethod(JsonNode request) {
        if (!request.isObject()) {
            throw new RpcException(RpcErrorCode.INVALID_REQUEST, "Invalid request: not an object");
        }
        if (!request.path("jsonrpc").asText("").equals("2.0")) {
            throw new RpcException(RpcErrorCode.INVALID_REQUEST, "Invalid request: jsonrpc must be \"2.0\"");
        }
        JsonNode id = request.path("id");
        if (id.isContainerNode() || id.isBoolean()) {
            throw new RpcException(RpcErrorCode.INVALID_REQUEST, "Invalid request: id must be a string or a number");
        }
        JsonNode method = request.path("method");
        if (!method.isTextual()) {
            throw new RpcException(RpcErrorCode.INVALID_REQUEST, "Invalid request: method must be a string");
        }
        return method.textValue();
    }

    private static RpcParameters parameters(JsonNode request) {
        JsonNode params = request.path("params");
        if (RpcValues.isAbsent(params)) {
            return RpcParameters.NONE;
        }
        if (!params.isArray()) {
            throw RpcException.invalidParameter("params", "expected an array");
        }
        List<JsonNode> values = new ArrayList<>(params.size());
        params.forEach(values::add);
        return new RpcParameters(values);
    }

    private RpcRegistry.Entry entry(String method, RpcRegistry extra) {
        return find(method, extra)
                .orElseThrow(() -> registry.isDisabled(method)
                        ? new RpcException(RpcErrorCode.METHOD_NOT_ENABLED, "Method " + method + " is not enabled")
                        : new RpcException(
                                RpcErrorCode.METHOD_NOT_FOUND,
                                "Method not found: " + method.substring(0, Math.min(100, method.length()))));
    }

    private Optional<RpcRegistry.Entry> find(String method, RpcRegistry extra) {
        return extra.find(method).or(() -> registry.find(method));
    }

    private static JsonNode id(JsonNode request) {
        JsonNode id = request.path("id");
        return id.isTextual() || id.isNumber() ? id : Json.none();
    }

    private static byte[] result(JsonNode id, JsonNode result) {
        ObjectNode answer = Json.object().put("jsonrpc", "2.0");
        answer.set("id", id);
        answer.set("result", result);
        return bytes(answer);
    }

    /** The bytes of an error answer. */
    public static byte[] error(JsonNode id, RpcException failure) {
        ObjectNode answer = Json.object().put("jsonrpc", "2.0");
        answer.set("id", id);
        answer.set("error", errorObject(failure));
        return bytes(answer);
    }

    private static ObjectNode errorObject(RpcException failure) {
        ObjectNode error = Json.object().put("code", failure.code().code()).put("message", failure.getMessage());
        failure.data().ifPresent(data -> error.put("data", data.toHexString()));
        return error;
    }

    static byte[] bytes(JsonNode node) {
        try {
            return Json.MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
