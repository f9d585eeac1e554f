package io.engram.inference.engine.cuda;

/** A call of the driver that did not succeed, or a device that does not answer. */
final class CudaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param error as the driver names it */
    CudaException(String call, String error) {
        super(call + ": " + error);
    }
}
