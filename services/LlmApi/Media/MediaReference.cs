using JanServer.LlmApi.Requests;

namespace JanServer.LlmApi.Media;

/// <summary>What the model is to get in the place of a stored file's id.</summary>
internal enum MediaForm
{
    /// <summary>A URL: a <c>data:</c> URL, or a link.</summary>
    Url,

    /// <summary>The base64 of the file, as <c>input_audio.data</c> takes it.</summary>
    Base64,

    /// <summary>The member <c>file_data</c> with a <c>data:</c> URL, in the place of the member <c>file_id</c>.</summary>
    FileData,
}

/// <summary>The id of a stored file in a message part.</summary>
/// <param name="Id">The text, which may turn out to be no id.</param>
/// <param name="Value">The string that holds it, with its quotes.</param>
/// <param name="Place">What is replaced: <paramref name="Value"/>, or the whole member for <see cref="MediaForm.FileData"/>.</param>
internal readonly record struct MediaReference(string Id, ByteRange Value, ByteRange Place, MediaForm Form);
