package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** The positional parameters of one request. Names are for error messages. */
public record RpcParameters(List<JsonNode> values) {

    public static final RpcParameters NONE = new RpcParameters(List.of());

    public RpcParameters {
        values = List.copyOf(values);
    }

    public int size() {
        return values.size();
    }

    /** The raw value; a missing node when there are fewer parameters. */
    public JsonNode at(int index) {
        return index < values.size() ? values.get(index) : MissingNode.getInstance();
    }

    /** Empty when absent or null. */
    public Optional<JsonNode> optional(int index) {
        JsonNode node = at(index);
        return RpcValues.isAbsent(node) ? Optional.empty() : Optional.of(node);
    }

    /** The value of this position, which must be there. */
    public JsonNode required(int index, String name) {
        return optional(index).orElseThrow(() -> RpcException.invalidParameter(name, "missing"));
    }

    public JsonNode object(int index, String name) {
        JsonNode node = required(index, name);
        if (!node.isObject()) {
            throw RpcException.invalidParameter(name, "expected an object");
        }
        return node;
    }

    public Address address(int index, String name) {
        return RpcValues.address(required(index, name), name);
    }

    public Hash hash(int index, String name) {
        return RpcValues.hash(required(index, name), name);
    }

    public Bytes data(int index, String name) {
        return RpcValues.data(required(index, name), name);
    }

    public long quantity(int index, String name) {
        return RpcValues.quantity(required(index, name), name);
    }

    public UInt256 slot(int index, String name) {
        return RpcValues.slot(required(index, name), name);
    }

    public String text(int index, String name) {
        return RpcValues.text(required(index, name), name);
    }

    public boolean flag(int index, String name, boolean otherwise) {
        return optional(index).map(node -> RpcValues.flag(node, name)).orElse(otherwise);
    }

    /** The block at this position, latest when absent. */
    public BlockReference block(int index) {
        return optional(index).map(node -> BlockReference.parse(node, "block")).orElse(BlockReference.Tag.LATEST);
    }

    /** The block at this position, which must be there. */
    public BlockReference requiredBlock(int index) {
        return BlockReference.parse(required(index, "block"), "block");
    }

    /** A position or count in a list; at most 2^31 − 1. */
    public int index(int index, String name) {
        long value = quantity(index, name);
        if (value > Integer.MAX_VALUE) {
            throw RpcException.invalidParameter(name, "larger than 2^31 − 1");
        }
        return (int) value;
    }
}
