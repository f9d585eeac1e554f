package io.engram.inference.transformer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** ONNX Runtime on a network on tokens with one output of a row for each token. */
final class TokenOracle implements AutoCloseable {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    TokenOracle(byte[] onnx) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            session = environment.createSession(onnx, options);
        }
    }

    /** The rows of the output for one sample, given by the names of the inputs. */
    float[][] rows(Map<String, int[]> sample) throws OrtException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, int[]> input : sample.entrySet()) {
                long[] row = Arrays.stream(input.getValue()).asLongStream().toArray();
                inputs.put(input.getKey(), OnnxTensor.createTensor(environment, new long[][] {row}));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                return ((float[][][]) result.get(0).getValue())[0];
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /**
     * For each sample, unpadded, the mean of its rows.
     *
     * @param names of the tokens, the mask and the types
     */
    List<float[]> means(List<String> names, List<int[]> tokens) throws OrtException {
        List<float[]> means = new ArrayList<>();
        for (int[] row : tokens) {
            int[] ones = new int[row.length];
            Arrays.fill(ones, 1);
            float[][] rows = rows(Map.of(names.get(0), row, names.get(1), ones, names.get(2), new int[row.length]));
            float[] mean = new float[rows[0].length];
            for (float[] values : rows) {
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += values[i] / rows.length;
                }
            }
            means.add(mean);
        }
        return means;
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
