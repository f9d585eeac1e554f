package io.engram.inference.quantize;

import java.util.List;
import java.util.Optional;

/** What calibration saw of values whose copies have a scale for each channel. */
record ChannelHistograms(List<ChannelMap> maps, List<Histogram> stored) {

    /** The copy of a node's value; empty where no convolution with a window reads it. */
    Optional<ChannelCopy> copy(int node, RangeMethod method) {
        ChannelMap map = maps.get(node);
        return map.isIdentity()
                ? Optional.empty()
                : Optional.of(new ChannelCopy(map, stored.get(node).choose(method)));
    }
}
