package io.engram.inference.onnx;

/** A valid model uses an operator, or a form of it, that has no integer counterpart here. */
public final class UnsupportedOperatorException extends OnnxException {

    private static final long serialVersionUID = 1L;

    private final String node;
    private final String operator;

    public UnsupportedOperatorException(String node, String operator, String reason) {
        super("node '" + node + "' (" + operator + "): " + reason);
        this.node = node;
        this.operator = operator;
    }

    /** The node's name, or that of its first output where the file gives none. */
    public String node() {
        return node;
    }

    /** The ONNX operator type, such as {@code Conv}. */
    public String operator() {
        return operator;
    }
}
