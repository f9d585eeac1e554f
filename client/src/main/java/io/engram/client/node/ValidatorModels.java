package io.engram.client.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.exchange.ModelExchange;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RpcHex;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.p2p.mdl.MdlPeer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which validators lack which active models, by what connected ones say that they hold (protocol E2). Thread-safe. */
final class ValidatorModels {

    /** Models that are named of one validator; more are only counted. */
    private static final int NAMED = 16;

    private final ModelExchange exchange;
    private final Address self;

    ValidatorModels(ModelExchange exchange, Address self) {
        this.exchange = exchange;
        this.self = self;
    }

    /** Active models that a node does not hold; empty when it is not connected, so that nobody says. */
    Optional<Set<Hash>> lacking(Address node) {
        if (node.equals(self)) {
            return Optional.of(exchange.lacking());
        }
        for (MdlPeer peer : exchange.protocol().peers()) {
            if (ConsensusPeers.addressOf(peer.peer().id()).equals(node)) {
                return Optional.of(exchange.lacking(peer));
            }
        }
        return Optional.empty();
    }

    /** How many active models each of these lacks, as far as it is known. */
    Map<String, Long> counts(Collection<Address> validators) {
        Map<String, Long> counts = new TreeMap<>();
        for (Address validator : validators) {
            lacking(validator).ifPresent(models -> counts.put(validator.toHex(), (long) models.size()));
        }
        return counts;
    }

    /** Why a node should not become a validator now; empty when it holds every active model. */
    Optional<String> objection(Address candidate) {
        if (exchange.active().isEmpty()) {
            return Optional.empty();
        }
        Optional<Set<Hash>> lacking = lacking(candidate);
        if (lacking.isEmpty()) {
            return Optional.of(candidate + " is not connected, so that it is not known whether it holds the "
                    + exchange.active().size() + " active models");
        }
        return lacking.filter(models -> !models.isEmpty())
                .map(models -> candidate + " lacks " + models.size() + " of the active models: " + named(models));
    }

    private static List<Hash> named(Set<Hash> models) {
        return new TreeSet<>(models).stream().limit(NAMED).toList();
    }

    /** {@code lacking}: by validator, how many and which ones at first; {@code unknown}: those that are not connected. */
    ObjectNode view(Collection<Address> validators) {
        ObjectNode json = Json.object();
        ObjectNode lacking = json.putObject("lacking");
        List<Address> unknown = new ArrayList<>();
        for (Address validator : new TreeSet<>(validators)) {
            Optional<Set<Hash>> models = lacking(validator);
            if (models.isEmpty()) {
                unknown.add(validator);
            } else if (!models.get().isEmpty()) {
                ObjectNode one = lacking.putObject(validator.toHex());
                one.set("count", RpcHex.quantity(models.get().size()));
                one.set("models", Json.array(named(models.get()), RpcHex::data));
            }
        }
        json.set("unknown", Json.array(unknown, RpcHex::data));
        return json;
    }
}
