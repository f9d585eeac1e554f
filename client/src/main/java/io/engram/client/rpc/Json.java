package io.engram.client.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The one JSON mapper of the server and short names for building trees. */
public final class Json {

    static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(RpcLimits.JSON_DEPTH)
                            .maxStringLength(RpcLimits.BODY_BYTES)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    public static JsonNode text(String value) {
        return TextNode.valueOf(value);
    }

    public static JsonNode bool(boolean value) {
        return JsonNodeFactory.instance.booleanNode(value);
    }

    public static JsonNode none() {
        return NullNode.getInstance();
    }

    public static <T> JsonNode orNull(Optional<T> value, Function<T, ? extends JsonNode> view) {
        return value.<JsonNode>map(view).orElseGet(Json::none);
    }

    public static <T> ArrayNode array(List<T> values, Function<? super T, ? extends JsonNode> view) {
        ArrayNode array = array();
        for (T value : values) {
            array.add(view.apply(value));
        }
        return array;
    }
}
