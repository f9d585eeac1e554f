package io.engram.client.rpc;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The methods of a server by name. Filled before the server starts, then only read. */
public final class RpcRegistry {

    /** A method with the place where it may run. */
    public record Entry(RpcMethod method, RpcMethod.Cost cost) {}

    private final Map<String, Entry> methods = new HashMap<>();
    private final Set<String> disabled = new TreeSet<>();

    /** Adds a method that may run on the event loop. */
    public RpcRegistry cheap(String name, RpcMethod method) {
        return add(name, method, RpcMethod.Cost.CHEAP);
    }

    /** Adds a method that runs on a virtual thread. */
    public RpcRegistry execution(String name, RpcMethod method) {
        return add(name, method, RpcMethod.Cost.EXECUTION);
    }

    /** Names methods that exist on other nodes; calling one gives −32604 unless it was added here. */
    public RpcRegistry disabled(Collection<String> names) {
        disabled.addAll(names);
        return this;
    }

    public Optional<Entry> find(String name) {
        return Optional.ofNullable(methods.get(name));
    }

    public boolean isDisabled(String name) {
        return disabled.contains(name) && !methods.containsKey(name);
    }

    public SortedSet<String> names() {
        return new TreeSet<>(methods.keySet());
    }

    /** The prefixes of all method names. */
    public SortedSet<String> namespaces() {
        SortedSet<String> namespaces = new TreeSet<>();
        for (String name : methods.keySet()) {
            namespaces.add(name.substring(0, Math.max(0, name.indexOf('_'))));
        }
        return namespaces;
    }

    private RpcRegistry add(String name, RpcMethod method, RpcMethod.Cost cost) {
        if (methods.put(name, new Entry(method, cost)) != null) {
            throw new IllegalArgumentException("method " + name + " is registered twice");
        }
        return this;
    }
}
