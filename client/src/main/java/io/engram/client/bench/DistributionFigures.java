package io.engram.client.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a model went from one validator to the others.
 *
 * @param modelBytes length of the file
 * @param publisher what it spent until the last of the others had the file
 * @param receivers each with the time until it had the file
 * @param activeSeconds from the publisher's having the file until the chain shows the model as active
 */
public record DistributionFigures(long modelBytes, Node publisher, List<Node> receivers, double activeSeconds) {

    private static final double BYTES_PER_MEGABYTE = 1e6;

    public DistributionFigures {
        receivers = List.copyOf(receivers);
    }

    /**
     * A validator's part.
     *
     * @param seconds from the publisher's having the file
     * @param cpuSeconds processor time of its whole process, blocks and checks of the model included, until the last of all had
     *     the file
     */
    public record Node(String name, double seconds, double cpuSeconds) {

        /** What went to or from it each second, if that is so many bytes. */
        public double megabytesPerSecond(long bytes) {
            return bytes / BYTES_PER_MEGABYTE / seconds;
        }

        private Map<String, Object> toMap(long bytes) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("name", name);
            map.put("seconds", seconds);
            map.put("megabytesPerSecond", megabytesPerSecond(bytes));
            map.put("cpuSeconds", cpuSeconds);
            return map;
        }
    }

    /** Bytes that reached the receivers, all together. */
    public long delivered() {
        return modelBytes * receivers.size();
    }

    /** For JSON. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("modelBytes", modelBytes);
        map.put("activeSeconds", activeSeconds);
        map.put("publisher", publisher.toMap(delivered()));
        List<Map<String, Object>> rows = new ArrayList<>();
        receivers.forEach(node -> rows.add(node.toMap(modelBytes)));
        map.put("receivers", rows);
        return map;
    }
}
