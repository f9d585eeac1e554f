package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The filter object of eth_getLogs, eth_newFilter and the logs subscription.
 *
 * @param addresses emitters; none means any
 * @param topics alternatives by position; an empty set means any
 */
public record LogFilter(
        Optional<BlockReference> from,
        Optional<BlockReference> to,
        Optional<Hash> blockHash,
        Set<Address> addresses,
        List<Set<Hash>> topics) {

    private static final int MAX_TOPICS = 4;

    public LogFilter {
        addresses = Set.copyOf(addresses);
        topics = List.copyOf(topics);
    }

    static LogFilter parse(JsonNode node, String name) {
        if (!node.isObject()) {
            throw RpcException.invalidParameter(name, "expected an object");
        }
        Optional<Hash> blockHash =
                RpcValues.member(node, "blockHash").map(hash -> RpcValues.hash(hash, name + ".blockHash"));
        Optional<BlockReference> from = block(node, "fromBlock", name);
        Optional<BlockReference> to = block(node, "toBlock", name);
        if (blockHash.isPresent() && (from.isPresent() || to.isPresent())) {
            throw RpcException.invalidParameter(name, "blockHash excludes fromBlock and toBlock");
        }
        return new LogFilter(from, to, blockHash, addresses(node, name), topics(node, name));
    }

    private static Optional<BlockReference> block(JsonNode node, String member, String name) {
        return RpcValues.member(node, member).map(block -> BlockReference.parse(block, name + "." + member));
    }

    private static Set<Address> addresses(JsonNode node, String name) {
        Optional<JsonNode> address = RpcValues.member(node, "address");
        if (address.isEmpty()) {
            return Set.of();
        }
        List<Address> addresses = new ArrayList<>();
        for (JsonNode one : alternatives(address.get(), name + ".address")) {
            addresses.add(RpcValues.address(one, name + ".address"));
        }
        return Set.copyOf(addresses);
    }

    private static List<Set<Hash>> topics(JsonNode node, String name) {
        Optional<JsonNode> topics = RpcValues.member(node, "topics");
        if (topics.isEmpty()) {
            return List.of();
        }
        if (!topics.get().isArray() || topics.get().size() > MAX_TOPICS) {
            throw RpcException.invalidParameter(name + ".topics", "expected an array of at most 4 topics");
        }
        List<Set<Hash>> positions = new ArrayList<>();
        for (JsonNode position : topics.get()) {
            positions.add(position(position, name + ".topics"));
        }
        return List.copyOf(positions);
    }

    private static Set<Hash> position(JsonNode position, String name) {
        if (position.isNull()) {
            return Set.of();
        }
        List<Hash> hashes = new ArrayList<>();
        for (JsonNode one : alternatives(position, name)) {
            if (one.isNull()) {
                return Set.of();
            }
            hashes.add(RpcValues.hash(one, name));
        }
        return Set.copyOf(hashes);
    }

    private static List<JsonNode> alternatives(JsonNode node, String name) {
        if (!node.isArray()) {
            return List.of(node);
        }
        if (node.size() > RpcLimits.LOG_ALTERNATIVES) {
            throw new RpcException(
                    RpcErrorCode.LIMIT_EXCEEDED, name + ": more than " + RpcLimits.LOG_ALTERNATIVES + " alternatives");
        }
        List<JsonNode> nodes = new ArrayList<>();
        node.forEach(nodes::add);
        return nodes;
    }

    public boolean matches(Log log) {
        if (!addresses.isEmpty() && !addresses.contains(log.address())) {
            return false;
        }
        if (log.topics().size() < topics.size()) {
            return false;
        }
        for (int i = 0; i < topics.size(); i++) {
            Set<Hash> wanted = topics.get(i);
            if (!wanted.isEmpty() && !wanted.contains(log.topics().get(i))) {
                return false;
            }
        }
        return true;
    }
}
