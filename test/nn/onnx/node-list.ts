/** ONNX's tests of operators that are imported, and those that aren't, with the reason: neither may change unseen. */
export const imported: readonly string[] = [
  'test_averagepool_2d_default',
  'test_averagepool_2d_pads_count_include_pad',
  'test_averagepool_2d_precomputed_pads_count_include_pad',
  'test_averagepool_2d_precomputed_strides',
  'test_averagepool_2d_strides',
  'test_basic_conv_with_padding',
  'test_basic_conv_without_padding',
  'test_batchnorm_epsilon',
  'test_batchnorm_example',
  'test_cast_DOUBLE_to_FLOAT',
  'test_cast_DOUBLE_to_FLOAT16',
  'test_cast_FLOAT16_to_DOUBLE',
  'test_cast_FLOAT16_to_FLOAT',
  'test_cast_FLOAT_to_DOUBLE',
  'test_cast_FLOAT_to_FLOAT16',
  'test_clip_default_min',
  'test_conv_with_autopad_same',
  'test_conv_with_strides_and_asymmetric_padding',
  'test_conv_with_strides_no_padding',
  'test_conv_with_strides_padding',
  'test_convtranspose',
  'test_convtranspose_dilations',
  'test_convtranspose_pads',
  'test_dropout_default',
  'test_dropout_default_mask',
  'test_dropout_default_mask_ratio',
  'test_dropout_default_ratio',
  'test_dropout_random_old',
  'test_flatten_axis1',
  'test_flatten_default_axis',
  'test_flatten_negative_axis3',
  'test_gemm_alpha',
  'test_gemm_beta',
  'test_gemm_default_no_bias',
  'test_gemm_default_scalar_bias',
  'test_gemm_default_single_elem_vector_bias',
  'test_gemm_default_vector_bias',
  'test_gemm_default_zero_bias',
  'test_gemm_transposeB',
  'test_globalaveragepool',
  'test_globalaveragepool_precomputed',
  'test_globalmaxpool',
  'test_globalmaxpool_precomputed',
  'test_identity',
  'test_leakyrelu',
  'test_leakyrelu_default',
  'test_matmul_2d',
  'test_maxpool_2d_ceil',
  'test_maxpool_2d_default',
  'test_maxpool_2d_pads',
  'test_maxpool_2d_precomputed_pads',
  'test_maxpool_2d_precomputed_same_upper',
  'test_maxpool_2d_precomputed_strides',
  'test_maxpool_2d_same_lower',
  'test_maxpool_2d_same_upper',
  'test_maxpool_2d_strides',
  'test_relu',
  'test_reshape_reduced_dims',
  'test_reshape_zero_and_negative_dim',
  'test_reshape_zero_dim',
  'test_resize_upsample_scales_nearest',
  'test_sigmoid',
  'test_squeeze_negative_axes',
  'test_tanh',
  'test_training_dropout_zero_ratio',
  'test_training_dropout_zero_ratio_mask',
  'test_transpose_all_permutations_0',
  'test_transpose_all_permutations_1',
  'test_unsqueeze_axis_1',
  'test_unsqueeze_axis_2',
  'test_unsqueeze_axis_3',
  'test_unsqueeze_negative_axes',
  'test_unsqueeze_three_axes',
  'test_unsqueeze_two_axes',
  'test_unsqueeze_unsorted_axes',
];

export const refused: Readonly<Record<string, string>> = {
  test_add: 'the node Add takes numbers that differ by more than the channel',
  test_add_bcast: 'the node Add takes numbers that differ by more than the channel',
  test_add_uint8: 'the node Add computes with bytes, where layers compute with floats',
  test_averagepool_1d_default:
    'the node AveragePool takes something else than images of [n, channels, height, width]',
  test_averagepool_2d_ceil:
    'the node AveragePool leaves padding out of its means, which the layer avg counts as zeros',
  test_averagepool_2d_pads:
    'the node AveragePool leaves padding out of its means, which the layer avg counts as zeros',
  test_averagepool_2d_precomputed_pads:
    'the node AveragePool leaves padding out of its means, which the layer avg counts as zeros',
  test_averagepool_2d_precomputed_same_upper:
    'the node AveragePool leaves padding out of its means, which the layer avg counts as zeros',
  test_averagepool_2d_same_lower:
    'the node AveragePool leaves padding out of its means, which the layer avg counts as zeros',
  test_averagepool_2d_same_upper:
    'the node AveragePool leaves padding out of its means, which the layer avg counts as zeros',
  test_averagepool_3d_default: 'its input "x" has 5 dimensions, where rows and images are known',
  test_batchnorm_epsilon_training_mode: 'the node BatchNormalization is in training mode',
  test_batchnorm_example_training_mode: 'the node BatchNormalization is in training mode',
  test_cast_BFLOAT16_to_FLOAT: 'the test is of numbers that are not finite',
  test_cast_FLOAT_to_BFLOAT16: 'the test is of numbers that are not finite',
  test_cast_FLOAT_to_STRING:
    'a test, tensor "output", has elements of type string, which aren\'t read; save it as f32',
  test_cast_STRING_to_FLOAT: 'its input "input" takes string, which are no numbers of samples',
  test_clip: 'the node Clip limits numbers to -1 to 1: of such limits a layer has 0 and none above, the ReLU',
  test_clip_default_inbounds: 'its input "x" is one sample, or a row without a batch',
  test_clip_default_int8_inbounds: 'its input "x" takes i8, which are no numbers of samples',
  test_clip_default_int8_max: 'its input "x" takes i8, which are no numbers of samples',
  test_clip_default_int8_min: 'its input "x" takes i8, which are no numbers of samples',
  test_clip_default_max:
    'the node Clip limits numbers to -Infinity to 0: of such limits a layer has 0 and none above, the ReLU',
  test_clip_example: 'its input "x" is one sample, or a row without a batch',
  test_clip_inbounds: 'its input "x" is one sample, or a row without a batch',
  test_clip_outbounds: 'its input "x" is one sample, or a row without a batch',
  test_clip_splitbounds: 'its input "x" is one sample, or a row without a batch',
  test_concat_1d_axis_0: 'its input "value0" is one sample, or a row without a batch',
  test_concat_1d_axis_negative_1: 'its input "value0" is one sample, or a row without a batch',
  test_concat_2d_axis_0: 'the node Concat joins what is computed with numbers of the file',
  test_concat_2d_axis_1: 'the node Concat joins what is computed with numbers of the file',
  test_concat_2d_axis_negative_1: 'the node Concat joins what is computed with numbers of the file',
  test_concat_2d_axis_negative_2: 'the node Concat joins what is computed with numbers of the file',
  test_concat_3d_axis_0: 'the node Concat joins what is computed with numbers of the file',
  test_concat_3d_axis_1: 'the node Concat joins what is computed with numbers of the file',
  test_concat_3d_axis_2: 'the node Concat joins what is computed with numbers of the file',
  test_concat_3d_axis_negative_1: 'the node Concat joins what is computed with numbers of the file',
  test_concat_3d_axis_negative_2: 'the node Concat joins what is computed with numbers of the file',
  test_concat_3d_axis_negative_3: 'the node Concat joins what is computed with numbers of the file',
  test_convtranspose_1d: 'the node ConvTranspose has weights of 3 dimensions, where 4 are known',
  test_convtranspose_3d: 'its input "X" has 5 dimensions, where rows and images are known',
  test_convtranspose_autopad_same:
    'the node ConvTranspose has auto_pad SAME_UPPER of an odd padding, which runtimes divide differently',
  test_convtranspose_kernel_shape:
    'the node ConvTranspose "test" says how large its images are, not its padding',
  test_convtranspose_output_shape: 'the node ConvTranspose says how large its images are, not its padding',
  test_convtranspose_pad:
    "the node ConvTranspose adds zeros behind what it makes, which the layer deconv does with pad 'same' alone",
  test_convtranspose_with_kernel:
    'the node ConvTranspose "test" says how large its images are, not its padding',
  test_div: 'the node Div takes numbers that differ by more than the channel',
  test_div_bcast: 'the node Div takes numbers that differ by more than the channel',
  test_div_example: 'its input "x" is one sample, or a row without a batch',
  test_div_uint8: 'the node Div computes with bytes, where layers compute with floats',
  test_dropout_default_old: 'its input "x" is one sample, or a row without a batch',
  test_flatten_axis0: 'the node Flatten joins the batch with other dimensions',
  test_flatten_axis2: 'the node Flatten joins the batch with other dimensions',
  test_flatten_axis3: 'the node Flatten joins the batch with other dimensions',
  test_flatten_negative_axis1: 'the node Flatten joins the batch with other dimensions',
  test_flatten_negative_axis2: 'the node Flatten joins the batch with other dimensions',
  test_flatten_negative_axis4: 'the node Flatten joins the batch with other dimensions',
  test_gemm_all_attributes: 'the node Gemm has the weights before the samples, which is known of MatMul only',
  test_gemm_default_matrix_bias: 'the node Gemm has a bias that differs by sample',
  test_gemm_transposeA: 'the node Gemm has the weights before the samples, which is known of MatMul only',
  test_identity_opt:
    'a test, tensor "", has the shape [111,112,116,95,111,117,116], which takes 206390368154880 numbers, but 27 are there; get it again',
  test_identity_sequence: "a test has a tensor in segments, which aren't read; save the model anew",
  test_leakyrelu_example: 'its input "x" is one sample, or a row without a batch',
  test_matmul_3d: 'the node MatMul multiplies by something else than one matrix',
  test_matmul_4d: 'the node MatMul multiplies by something else than one matrix',
  test_maxpool_1d_default:
    'the node MaxPool takes something else than images of [n, channels, height, width]',
  test_maxpool_2d_dilations: 'the node MaxPool has a dilated window, which our pools have not',
  test_maxpool_2d_uint8: 'the node MaxPool computes with bytes, where layers compute with floats',
  test_maxpool_3d_default: 'its input "x" has 5 dimensions, where rows and images are known',
  test_maxpool_with_argmax_2d_precomputed_pads: 'the node MaxPool gives the places of maxima too',
  test_maxpool_with_argmax_2d_precomputed_strides: 'the node MaxPool gives the places of maxima too',
  test_mul: 'the node Mul takes numbers that differ by more than the channel',
  test_mul_bcast: 'the node Mul takes numbers that differ by more than the channel',
  test_mul_example: 'its input "x" is one sample, or a row without a batch',
  test_mul_uint8: 'the node Mul computes with bytes, where layers compute with floats',
  test_reduce_mean_default_axes_keepdims_example:
    'the node ReduceMean is a mean over something else than height and width',
  test_reduce_mean_default_axes_keepdims_random:
    'the node ReduceMean is a mean over something else than height and width',
  test_reduce_mean_do_not_keepdims_example:
    'the node ReduceMean is a mean over something else than height and width',
  test_reduce_mean_do_not_keepdims_random:
    'the node ReduceMean is a mean over something else than height and width',
  test_reduce_mean_keepdims_example:
    'the node ReduceMean is a mean over something else than height and width',
  test_reduce_mean_keepdims_random: 'the node ReduceMean is a mean over something else than height and width',
  test_reduce_mean_negative_axes_keepdims_example:
    'the node ReduceMean is a mean over something else than height and width',
  test_reduce_mean_negative_axes_keepdims_random:
    'the node ReduceMean is a mean over something else than height and width',
  test_reshape_allowzero_reordered:
    'the node Reshape makes [3,4,0] of samples of [3,4], which joins or divides them',
  test_reshape_extended_dims:
    "the node Reshape makes [3,2,2] of samples of [3,4]: known are rows of whole images, and images of the input's row",
  test_reshape_negative_dim:
    "the node Reshape makes [6,2] of samples of [3,4]: known are rows of whole images, and images of the input's row",
  test_reshape_negative_extended_dims:
    'the node Reshape makes [-1,2,3,4] of samples of [3,4], which joins or divides them',
  test_reshape_one_dim: 'the node Reshape makes [24] of samples of [3,4], which joins or divides them',
  test_reshape_reordered_all_dims:
    'the node Reshape makes [4,2,3] of samples of [3,4], which joins or divides them',
  test_reshape_reordered_last_dims:
    "the node Reshape makes [4,3] of samples of [3,4]: known are rows of whole images, and images of the input's row",
  test_resize_downsample_scales_cubic:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_downsample_scales_cubic_A_n0p5_exclude_outside:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_downsample_scales_cubic_align_corners:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_downsample_scales_linear:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_downsample_scales_linear_align_corners:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_downsample_scales_nearest:
    'the node Resize makes images otherwise larger than by whole factors of height and width that are in the file',
  test_resize_downsample_sizes_cubic:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_downsample_sizes_linear_pytorch_half_pixel:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_downsample_sizes_nearest:
    'the node Resize makes images otherwise larger than by whole factors of height and width that are in the file',
  test_resize_tf_crop_and_resize:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_upsample_scales_cubic:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_upsample_scales_cubic_A_n0p5_exclude_outside:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_upsample_scales_cubic_align_corners:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_upsample_scales_cubic_asymmetric:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_upsample_scales_linear:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_upsample_scales_linear_align_corners:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_upsample_sizes_cubic:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_upsample_sizes_nearest:
    'the node Resize makes images otherwise larger than by whole factors of height and width that are in the file',
  test_resize_upsample_sizes_nearest_ceil_half_pixel:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_upsample_sizes_nearest_floor_align_corners:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_resize_upsample_sizes_nearest_round_prefer_ceil_asymmetric:
    'the node Resize makes images of another size otherwise than by repeating pixels, for which there is no layer',
  test_sigmoid_example: 'its input "x" is one sample, or a row without a batch',
  test_squeeze: 'the node Squeeze takes the batch away',
  test_sub: 'the node Sub takes numbers that differ by more than the channel',
  test_sub_bcast: 'the node Sub takes numbers that differ by more than the channel',
  test_sub_example: 'its input "x" is one sample, or a row without a batch',
  test_sub_uint8: 'the node Sub computes with bytes, where layers compute with floats',
  test_sum_example: 'its input "data_0" is one sample, or a row without a batch',
  test_sum_one_input: 'its input "data_0" is one sample, or a row without a batch',
  test_sum_two_inputs: 'its input "data_0" is one sample, or a row without a batch',
  test_tanh_example: 'its input "x" is one sample, or a row without a batch',
  test_training_dropout: 'the node Dropout drops numbers in predictions too',
  test_training_dropout_default: 'the node Dropout drops numbers in predictions too',
  test_training_dropout_default_mask: 'the node Dropout drops numbers in predictions too',
  test_training_dropout_mask: 'the node Dropout drops numbers in predictions too',
  test_transpose_all_permutations_2:
    'the node Transpose moves the batch from its place, or has no order of all dimensions',
  test_transpose_all_permutations_3:
    'the node Transpose moves the batch from its place, or has no order of all dimensions',
  test_transpose_all_permutations_4:
    'the node Transpose moves the batch from its place, or has no order of all dimensions',
  test_transpose_all_permutations_5:
    'the node Transpose moves the batch from its place, or has no order of all dimensions',
  test_transpose_default:
    'the node Transpose moves the batch from its place, or has no order of all dimensions',
  test_unsqueeze_axis_0: 'the node Unsqueeze puts something before the batch',
};
