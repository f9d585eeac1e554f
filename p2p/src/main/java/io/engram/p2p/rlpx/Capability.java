package io.engram.p2p.rlpx;

import java.util.Comparator;

/** A protocol that a node speaks beside the base protocol, such as eth/68. */
public record Capability(String name, int version) implements Comparable<Capability> {

    private static final Comparator<Capability> ORDER =
            Comparator.comparing(Capability::name).thenComparingInt(Capability::version);

    @Override
    public int compareTo(Capability other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return name + "/" + version;
    }
}
