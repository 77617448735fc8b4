using System.Text.Json;
using JanServer.McpTools.Tools;

namespace JanServer.McpTools.Images;

/// <summary>The schemas of both tools. What only some engines know may be added to any call, so no member is forbidden.</summary>
internal static class ImageSchemas
{
    public static JsonElement Generate { get; } = ToolSchema.Parse(
        """
        {"type":"object","properties":{
          "prompt":{"type":"string","minLength":1,"maxLength":32000,"description":"What the image shows."},
          "size":{"type":"string","pattern":"^(auto|[0-9]{2,4}x[0-9]{2,4})$","default":"1024x1024","description":"Width and height in pixels, such as 1024x1024, or auto."},
          "n":{"type":"integer","minimum":1,"maximum":10,"default":1,"description":"How many images to make."},
          "model":{"type":"string","description":"The model; the server's default unless told."},
          "quality":{"enum":["auto","low","medium","high","standard","hd"],"description":"How much effort to take, where the model knows it."},
          "style":{"enum":["vivid","natural"],"description":"Where the model knows it."},
          "background":{"enum":["auto","transparent","opaque"],"description":"Where the model knows it."},
          "output_format":{"enum":["png","jpeg","webp"],"description":"Where the model knows it."},
          "num_inference_steps":{"type":"integer","minimum":1,"maximum":1000,"description":"Steps of a diffusion model."},
          "cfg_scale":{"type":"number","minimum":0,"maximum":100,"description":"How closely a diffusion model follows the prompt."},
          "user":{"type":"string","description":"An id of the end user, for the model's provider."},
          "conversation_id":{"type":"string","description":"A conversation that the prompt and the images become items of."},
          "store":{"type":"boolean","default":true,"description":"Whether they become items of that conversation."}},
        "required":["prompt"]}
        """u8);

    public static JsonElement Edit { get; } = ToolSchema.Parse(
        """
        {"type":"object","$defs":{"image":{"anyOf":[
            {"type":"string","minLength":1,"description":"An id jan_… of a stored file, an http(s) address, a data: URL, or Base64."},
            {"type":"object","properties":{
              "id":{"type":"string","description":"The id jan_… of a stored file."},
              "url":{"type":"string","description":"An http(s) address or a data: URL."},
              "b64_json":{"type":"string","description":"The image in Base64."}},
             "minProperties":1,"additionalProperties":false}]}},
        "properties":{
          "prompt":{"type":"string","minLength":1,"maxLength":32000,"description":"What to change, or what the result shows."},
          "image":{"$ref":"#/$defs/image","description":"The image to start from."},
          "mask":{"$ref":"#/$defs/image","description":"An image of the same size; what is transparent in it is changed."},
          "size":{"type":"string","pattern":"^(auto|original|[0-9]{2,4}x[0-9]{2,4})$","default":"original","description":"Width and height in pixels; original keeps those of the image."},
          "n":{"type":"integer","minimum":1,"maximum":10,"default":1,"description":"How many images to make."},
          "model":{"type":"string","description":"The model; the server's default unless told."},
          "strength":{"type":"number","minimum":0,"maximum":1,"description":"How far a diffusion model may go from the image."},
          "steps":{"type":"integer","minimum":1,"maximum":1000,"description":"Steps of a diffusion model."},
          "seed":{"type":"integer","description":"Makes a diffusion model repeat itself."},
          "cfg_scale":{"type":"number","minimum":0,"maximum":100,"description":"How closely a diffusion model follows the prompt."},
          "sampler":{"type":"string","description":"A diffusion model's sampler."},
          "scheduler":{"type":"string","description":"A diffusion model's scheduler."},
          "negative_prompt":{"type":"string","description":"What the result must not show."},
          "user":{"type":"string","description":"An id of the end user, for the model's provider."},
          "conversation_id":{"type":"string","description":"A conversation that the prompt and the images become items of."},
          "store":{"type":"boolean","default":true,"description":"Whether they become items of that conversation."}},
        "required":["prompt","image"]}
        """u8);

    public static JsonElement Result { get; } = ToolSchema.Parse(
        """
        {"type":"object","properties":{
          "created":{"type":"integer","description":"Unix seconds."},
          "data":{"type":"array","items":{"type":"object","properties":{
            "id":{"type":"string","description":"The id jan_… of the stored image."},
            "url":{"type":"string","description":"A link to it that ends."},
            "revised_prompt":{"type":"string"}}}},
          "usage":{"type":"object"},"conversation":{"type":"object"}},
        "required":["data"]}
        """u8);
}
