package io.engram.inference.onnx;

import java.util.List;
import java.util.Map;

/**
 * One operator call.
 *
 * @param name optional in the format, so possibly empty
 * @param operator the type, such as {@code Conv}
 * @param domain empty for the standard operators
 * @param inputs value names; an empty name stands for an input left out
 */
public record OnnxNode(
        String name,
        String operator,
        String domain,
        List<String> inputs,
        List<String> outputs,
        Map<String, OnnxAttribute> attributes) {

    /** A name to show people: the node's own or that of its first output. */
    public String label() {
        return name.isEmpty() && !outputs.isEmpty() ? outputs.getFirst() : name;
    }
}
