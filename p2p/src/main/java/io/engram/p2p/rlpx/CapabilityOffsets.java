package io.engram.p2p.rlpx;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which message codes belong to which shared capability: of each name the highest version that both speak, names in
 * alphabetical order, codes from 0x10 on (rlpx.md, "Message ID-based multiplexing").
 */
public final class CapabilityOffsets {

    private static final int FIRST = 0x10;

    private final Map<Capability, Integer> offsets = new LinkedHashMap<>();
    private final Map<Capability, Integer> lengths;

    /**
     * @param own capabilities of this node and how many message codes each has
     * @param remote what the peer's Hello names
     */
    public CapabilityOffsets(Map<Capability, Integer> own, List<Capability> remote) {
        lengths = Map.copyOf(own);
        Map<String, Capability> shared = new TreeMap<>();
        List<Capability> ascending = new ArrayList<>(own.keySet());
        ascending.sort(Comparator.naturalOrder());
        for (Capability capability : ascending) {
            if (remote.contains(capability)) {
                shared.put(capability.name(), capability);
            }
        }
        int next = FIRST;
        for (Capability capability : shared.values()) {
            offsets.put(capability, next);
            next += own.getOrDefault(capability, 0);
        }
    }

    public List<Capability> shared() {
        return List.copyOf(offsets.keySet());
    }

    /** Code on the wire of a capability's message. */
    public Optional<Integer> toWire(Capability capability, int code) {
        return Optional.ofNullable(offsets.get(capability)).map(offset -> offset + code);
    }

    /** The capability and its own code of a message code on the wire. */
    public Optional<Map.Entry<Capability, Integer>> fromWire(int code) {
        for (Map.Entry<Capability, Integer> entry : offsets.entrySet()) {
            int relative = code - entry.getValue();
            if (relative >= 0 && relative < lengths.getOrDefault(entry.getKey(), 0)) {
                return Optional.of(Map.entry(entry.getKey(), relative));
            }
        }
        return Optional.empty();
    }
}
